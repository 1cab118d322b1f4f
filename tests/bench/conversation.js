// Plays two pages in a conversation, and one page while it waits, by the page's own code and a clock of our own.
// Prints JSON: {"chat": {"seconds", "frames": [{"from", "frame"} ...]}, "lively": ..., "call": ..., "waiting": [...]};
// bill.py has the handlers answer these frames.
import { Player } from "../frontend/support/player.js";

const NETWORK_MS = 100;
const STEP_MS = 100;
// How people write: five characters a second, and some seconds to read and think. An assumption. Lines follow each other
// after eleven seconds, or after six where people say little at a time.
const CHARACTERS_PER_SECOND = 5;
const WAYS = {
  chat: { line: "so what do you do when it is raining", think_ms: [1_000, 2_000, 3_000, 5_000, 9_000] },
  lively: { line: "where are you from", think_ms: [500, 1_000, 2_000, 3_000, 5_500] },
};
const LINES = 20;
const CALL_MS = 180_000;
const WAITING_MS = 3_600_000;

/** Play two people who are paired, and say what they send while `live` lets time pass. */
function playTwo(live) {
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
          sent.push({ from: name, frame });
          const { action, ...fields } = frame;
          const to = action === "ping" ? name : name === "alice" ? "bob" : "alice";
          flights.push({ at: now + NETWORK_MS, to, event: { ...fields, type: action === "ping" ? "pong" : action } });
        }
      }
      for (const flight of flights.filter(({ at }) => at <= now)) players[flight.to].happen("received", { event: flight.event });
      flights.splice(0, flights.length, ...flights.filter(({ at }) => at > now));
    }
  };
  live(players, run);
  return { seconds: now / 1000, frames: sent };
}

function playChat({ line, think_ms }) {
  return playTwo((players, run) => {
    for (let number = 0; number < LINES; number += 1) {
      // Now and then somebody says two lines in a row.
      const writer = players[number % 5 < 2 || number % 5 === 3 ? "alice" : "bob"];
      run(think_ms[number % think_ms.length]);
      for (let typed = 0; typed < line.length; typed += 1) {
        writer.happen("draft_changed", { empty: false });
        run(1000 / CHARACTERS_PER_SECOND);
      }
      writer.happen("line_written", { text: line });
      writer.happen("draft_changed", { empty: true });
    }
    run(5_000);
  });
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

const { chat, lively } = WAYS;
const call = playTwo((_, run) => run(CALL_MS)); // All that a call sends beside its signals.
console.log(JSON.stringify({ chat: playChat(chat), lively: playChat(lively), call, waiting: playWaiting() }));
