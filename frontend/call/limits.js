// @ts-check
/** Every limit of a video call, in one place, each with its reason. Times are in milliseconds. */

// Connecting. A relay over TLS behind a slow phone needs about 4 s; each further attempt is given more.
export const CONNECT_MS = [8_000, 12_000, 16_000];
// The side that only answers waits this much longer, so that the first offerer acts first and alone.
export const ANSWERER_PATIENCE_MS = 2_000;
// A connection whose every path is refused fails within 20 ms; without a gap it would be rebuilt 50 times a second.
export const REBUILD_GAP_MS = 1_000;

// Losing. Browsers say "disconnected" 5-6 s after the cut, and most cuts shorter than 8 s heal within a second of the
// network's return; "failed" comes 10 s later, and nothing heals then without a restart.
export const HEAL_MS = 2_000;
// A restart that is pending when the network returns connects about 1 s later; after this it is rebuilt instead.
export const RESTART_MS = 5_000;
// Restarting on every "failed" loops 16 times a second on a refused path and eats the relay's ports in 4 s.
export const RESTART_GAP_MS = 2_000;
// Old failures are forgotten after this; a flapping path gets no new budget.
export const STABLE_MS = 10_000;
// Restarts that a stranger may ask of this side in one call: each costs relay ports.
export const ASKED_MAX = 20;

// Signalling. A frame of API Gateway ends at 32 KB and `signal.data` at 24 KB.
export const DESCRIPTION_LENGTH_MAX = 20_000;
export const CANDIDATE_LENGTH_MAX = 1_000;
// The largest data of a signal that the server takes, encoded. Above it the frame is refused; above 32 KB the socket is
// closed.
export const SIGNAL_BYTES_MAX = 24_576;
// Our pages offer one sound and one picture. An answer grows by 370 bytes with each section that is offered, and each is a
// receiver that can be fed.
export const SECTIONS = /** @type {const} */ (['audio', 'video']);
// Lines of a description: ours have 60 to 120, Firefox, which names every codec, 200.
export const DESCRIPTION_LINES_MAX = 500;
// Connections that the other side may have built within this time: its page rebuilds once a second at most, and three times
// for one loss. An offer that is passed over comes again.
export const BUILT_MAX = 5;
export const OFFERED_WITHIN_MS = 10_000;
// Its offers within the same time, of one connection or of several: each is sent up to three times, and answered each time.
export const OFFERED_MAX = 20;
// The states that the other side may tell of itself in a call: a switch is told once, and nobody switches so often.
export const STATES_MAX = 500;
// Browsers gather 2-12 candidates a network interface.
export const CANDIDATES_MAX = 64;
// All that the other side may name for one connection: every interface, through a restart or two.
export const CANDIDATES_TAKEN_MAX = 256;
// How long a description waits for the first route of the farthest kind that is asked for, to take it along: own
// addresses come within 5 ms, the address that a server sees after one trip, a relay 50 ms later after two or three.
export const GATHER_MS = { host: 100, srflx: 100, relay: 400 };
// Routes of several networks, or transports, come in a burst: own addresses within 2 ms, as no server is asked for
// them.
export const BURST_MS = { host: 5, srflx: 15, relay: 15 };
// When later routes leave, counted from the description. By the first of these most calls are connected and need none.
export const BATCH_AT_MS = [500, 2_000, 6_000];
// An offer that nobody answered is sent again: the socket may have been dead or the peer still loading.
export const OFFER_RESEND_MS = [2_500, 5_000, 10_000];
// Frames that wait while a description is being applied or the user has not agreed yet.
export const INBOX_MAX = 200;
// Frames for a room whose `paired` has not arrived: two Lambdas may post in either order, within seconds.
export const UNKNOWN_ROOM_FRAMES_MAX = 32;
export const UNKNOWN_ROOM_MS = 10_000;
// Fresh relay credentials are asked for before a restart when these are older; Kinesis' live 300 s.
export const CREDENTIALS_FRESH_MS = 240_000;
export const CREDENTIALS_WAIT_MS = 2_000;

// Media. Sampling costs a millisecond of CPU and gives a sample of 40-50 frames.
export const SAMPLE_MS = 2_000;
// Announced media may take so long: enough for a slow first key frame.
export const MEDIA_UP_MS = 6_000;
// Samples without a single packet although something was announced: the path is dead and the browser has not noticed.
export const SILENT_SAMPLES = 3;
// A page hidden for so long needs no picture; switching tabs for a moment costs no frame.
export const HIDDEN_MS = 5_000;
// A device that says "in use" is often only being released by the tab that was reloaded.
export const DEVICE_RETRY_MS = 500;
// Devices come and go in bursts: a headset is a microphone, a loudspeaker, and for a moment neither.
export const DEVICES_SETTLE_MS = 500;
