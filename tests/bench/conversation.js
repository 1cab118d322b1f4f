// What two pages send in a conversation, and one page while it waits, by the page's own code and a clock of our own.
// Prints JSON: {"chat": [{"at", "from", "frame"} ...], "waiting": [...]}; bill.py has the handlers answer these frames.
import { Player } from "../frontend/support/player.js";

const NETWORK_MS = 100;
const STEP_MS = 100;
// How people write: five characters a second, 35 in a line, and some seconds to read and think. An assumption.
const CHARACTERS_PER_SECOND = 5;
const LINE = "so what do you do when it is raining";
const THINK_MS = [1_000, 2_000, 3_000, 5_000, 9_000];
const LINES = 20;
const WAITING_MS = 3_600_000;

function playChat() {
  const players = { alice: playPaired(true), bob: playPaired(false) };
  const sent = [];
  const flights = [];
  let now = 0;
  const run = (ms) => {
    for (const end = now + ms; now < end; ) {
      now += STEP_MS;
      for (const [name, player] of Object.entries(players)) {
        player.wait(STEP_MS);
        for (const frame of player.takeSent()) {
          sent.push({ at: now, from: name, frame });
          const { action, ...fields } = frame;
          const to = action === "ping" ? name : name === "alice" ? "bob" : "alice";
          flights.push({ at: now + NETWORK_MS, to, event: { ...fields, type: action === "ping" ? "pong" : action } });
        }
      }
      for (const flight of flights.filter(({ at }) => at <= now)) players[flight.to].happen("received", { event: flight.event });
      flights.splice(0, flights.length, ...flights.filter(({ at }) => at > now));
    }
  };
  for (let line = 0; line < LINES; line += 1) {
    // Now and then somebody says two lines in a row.
    const writer = players[line % 5 < 2 || line % 5 === 3 ? "alice" : "bob"];
    run(THINK_MS[line % THINK_MS.length]);
    for (let typed = 0; typed < LINE.length; typed += 1) {
      writer.happen("draft_changed", { empty: false });
      run(1000 / CHARACTERS_PER_SECOND);
    }
    writer.happen("line_written", { text: LINE });
    writer.happen("draft_changed", { empty: true });
  }
  run(5_000);
  return { sent, seconds: now / 1000 };
}

function playPaired(polite) {
  const player = new Player();
  player.now = 0;
  player.happen("started", { mode: "text", interests: [] });
  player.happen("opened");
  player.hear("paired", { room: "r", mode: "text", polite, common: [], resume: "token" });
  player.takeSent();
  return player;
}

function playWaiting() {
  const player = new Player();
  player.happen("started", { mode: "text", interests: [] });
  player.happen("opened");
  player.takeSent();
  player.hear("waiting", { mode: "text" });
  return player.waitAnswered(WAITING_MS).map((frame) => ({ from: "alice", frame }));
}

const chat = playChat();
console.log(JSON.stringify({ chat: chat.sent, seconds: chat.seconds, waiting: playWaiting() }));
