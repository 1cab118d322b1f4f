// @ts-check
/** Every limit and interval of the client, in one place, each with its reason. Times are milliseconds. */

/** A line's longest text in characters (code points): the server refuses more. */
export const TEXT_LENGTH_MAX = 2000;

/** Interests of one person, and the length of each: the server refuses more. */
export const INTERESTS_MAX = 10;
export const INTEREST_LENGTH_MAX = 32;

/** Languages of one person: the server refuses more. */
export const LANGUAGES_MAX = 5;

/** Lines kept on the page, so that a day-long chat does not fill a phone. */
export const ENTRIES_MAX = 12000;

/** Lines that wait for an acknowledgement. A peer that acknowledges nothing must not make us remember for ever. */
export const PENDING_LINES_MAX = 500;

/** Lines kept that arrived ahead of a missing one; a line further ahead is dropped, and its sender repeats it. */
export const EARLY_LINES_MAX = 500;

/** Signals kept while the connection is down: two descriptions and their batches of candidates fit many times. */
export const HELD_SIGNALS_MAX = 64;

/** Rooms remembered as over, so that a late event cannot open one again. */
export const ENDED_ROOMS_MAX = 16;

/**
 * `join` again while waiting: completes the work of a crashed handler. Rarer after a minute, for it is paid for, and
 * much rarer after three: a newcomer looks by itself.
 */
export const JOIN_AGAIN_MS = 4_000;
export const JOIN_AGAIN_LATER_MS = 10_000;
export const JOIN_RARELY_MS = 40_000;
export const JOINS_BEFORE_LATER = 15;
export const JOINS_BEFORE_RARELY = 27;

/** A busy server is asked less often. */
export const JOIN_WHEN_BUSY_MS = 15_000;

/** One that does not answer is asked after twice as long each time, up to this. */
export const JOIN_LONGEST_MS = 30_000;

/** By so much of itself a pause before `join` is longer by chance: after a failure not everybody asks at once. */
export const JOIN_SPREAD = 0.25;

/** How long only people with a common interest are looked for, unless the person decides otherwise. */
export const WIDEN_AFTER_MS = 8_000;

/** "Really?" turns back into "Skip" or "Stop" after this. */
export const CONFIRM_MS = 4_000;

/** A swipe skips after this, so that it can be taken back. */
export const TAKE_BACK_MS = 1_000;

/**
 * A draft so old is told where silence does not tell it: a sign costs as much as a line, and most lines are sent before.
 * The older its draft, the more a stranger wonders.
 */
export const TYPING_TOLD_AFTER_MS = 8_000;

/** Signs (of typing, of a line that has come) ride on lines; after such a silence of this side one goes alone. */
export const SIGN_AFTER_MS = 25_000;

/** A person who has not begun to answer by then is not about to. */
export const ACK_AFTER_MS = 7_000;

/** So silence says that they have begun, once such an acknowledgement would have come: both ways take a second at most. */
export const TYPING_IMPLIED_AFTER_MS = 8_500;

/** A person who writes for so long acknowledges all the same, before the line that they answer is sent again. */
export const ACK_OWED_MS = 20_000;

/** Lines after a silence are acknowledged together; so is one that comes twice or out of order. */
export const ACK_SOON_MS = 1_000;

/** So many lines are acknowledged at once: a peer that repeats them waits for it. */
export const ACK_LINES_MAX = 20;

/**
 * A peer that asks again sooner gets one answer to both. A stranger who asks a thousand times must not make this page
 * send a thousand frames: the server would take it for a flood, and lock this person out.
 */
export const ANSWER_GAP_MS = 200;

/**
 * A line is sent again when its acknowledgement is overdue, soon when a frame failed or an acknowledgement left it out,
 * and then soon again; so often, so many at once. Then it counts as not delivered.
 */
export const RESEND_AFTER_MS = 24_000;
export const RESEND_SOON_MS = 3_000;
export const RESEND_AGAIN_MS = 5_000;
export const RESENDS_MAX = 4;
export const RESEND_LINES_MAX = 5;

/**
 * All that is pending goes out again after a lost connection, so many at once; the next with their acknowledgement. A
 * peer that is back again so soon waits: else one that opens forty sockets a second makes this page send a flood, as above.
 */
export const REPEAT_LINES_MAX = 20;
export const REPEAT_GAP_MS = 2_000;

/** Typing stops after this pause. */
export const TYPING_PAUSE_MS = 5_000;

/** A stranger's typing is forgotten after this: it is said again before, and the frame that ends it can be lost. */
export const PEER_TYPING_MS = 27_000;

/**
 * A room so silent is probed: longer than SIGN_AFTER_MS, for talk needs no probes, and with the probes before it is told
 * below 30 s, in which both must see that it is dead. The impolite one asks first, so that one side pays.
 */
export const QUIET_MS = { impolite: 25_500, polite: 26_500 };

/** A peer that does not answer a probe is probed again after this; one may have been lost. */
export const PROBE_AGAIN_MS = 1_700;

/** After so many probes without an answer the person is told: 3.4 s after the first. */
export const PROBES_BEFORE_TOLD = 2;

/** After so many the room is given up: 37 or 38 s after the last sign of life. */
export const PROBES_MAX = 7;

/** Searching is never silent, for every `join` is answered, the rare ones after 12.5 s at the latest. */
export const SEARCH_SILENT_MS = 13_500;

/** The same of one that has lasted for three minutes: the rarest `join` follows after 50 s at the latest. */
export const RARE_JOIN_SILENT_MS = 51_000;

/** A `pong` later than this means that the connection is dead, even if the browser shows it as open. */
export const PONG_WITHIN_MS = 5_000;

/** How often the start asks how many people are here; the site counts no more often. */
export const ASK_ONLINE_MS = 60_000;

/** Without an answer to `resume` by then it is tried again on another connection. */
export const RESUME_WITHIN_MS = 6_000;

/** A token may have been used by an attempt whose answer was lost; it counts again when the server knows of that loss. */
export const RESUME_AGAIN_MS = 1_500;
export const RESUMES_MAX = 8;

/** The answer to the question whether a room is still open. */
export const DOUBT_MS = 4_000;

/** After a report the search goes on with its answer, or after this without it. */
export const REPORTED_WITHIN_MS = 3_000;

/**
 * A report without an answer is sent again after this, and after twice as long each time, up to a minute: a cold start
 * and a slow phone are over by then, and a server without an answer for so long does not answer sooner when it is asked
 * more often.
 */
export const REPORT_AGAIN_MS = 4_000;
export const REPORT_AGAIN_LONGEST_MS = 60_000;

/** After `busy` or `rate_limited` it waits as long as a search does. */
export const REPORT_WHEN_BUSY_MS = 15_000;

/** So long after its room ended it is given up: the server takes it for 10 minutes, and the clocks are two. */
export const REPORT_WITHIN_MS = 540_000;

/** After so many without an answer, 28 s, another connection is tried where nothing else would notice a dead one. */
export const REPORTS_BEFORE_DOUBT = 3;

/** Reports that wait at once, each a frame of up to 32 KB in the tab's storage; another lets the oldest go. */
export const REPORTS_MAX = 4;

/** A connection is moved to a new one before the platform ends it after two hours. */
export const RENEW_AFTER_MS = 110 * 60_000;

/** Where that failed it is tried again; until the end there are nine more times. */
export const RENEW_AGAIN_MS = 60_000;

/** After Stop the connection stays this long, in case the person starts again. */
export const LINGER_MS = 60_000;

/** A stored conversation older than this is not resumed: its grace is over for certain. */
export const RESTORE_WITHIN_MS = 120_000;

/** The lines of one report: a frame of 32 KB, with room for its other fields and for the proof of each line. */
export const HANDED_LINES_MAX = 100;
export const HANDED_BYTES_MAX = 26_000;
export const PROOF_BYTES = 160;

/** A still of the stranger's video, in which a face is known again: the server takes no more, and lines find room beside it. */
export const STILL_PIXELS = 160;
export const STILL_BYTES_MAX = 8 * 1024;

/** Lines of the conversation that survive a reload of the page. */
export const STORED_ENTRIES_MAX = 300;
