/** Two clients and a server between them that loses, repeats and reorders frames, and cuts connections. One clock. */

import { Player } from "./player.js";

export class Street {
  constructor({ pick, random }, faults) {
    this.random = random;
    this.pick = pick;
    this.faults = { lose: 0, repeat: 0, delay_ms: 40, ...faults };
    this.now = 0;
    this.flights = [];
    this.players = { alice: new Player(), bob: new Player() };
    this.online = { alice: true, bob: true };
    for (const name of ["alice", "bob"]) {
      const player = this.players[name];
      player.now = 0;
      player.happen("started", { mode: "text", interests: [] });
      player.happen("opened");
      player.hear("paired", this.#paired(name));
    }
    this.#collect();
  }

  /** Let time pass, in small steps. */
  run(ms) {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 20;
      for (const player of Object.values(this.players)) player.wait(20);
      this.#collect();
      this.#land();
      this.#collect();
    }
  }

  write(name, text) {
    this.players[name].happen("line_written", { text });
    this.#collect();
  }

  /** Cut a connection without a word, and let it come back after a while. */
  cut(name, ms) {
    this.online[name] = false;
    this.flights = this.flights.filter((flight) => flight.to !== name);
    this.players[name].happen("closed");
    this.players[peerOf(name)].hear("peer_away", { room: "r" });
    this.flights.push({ at: this.now + ms, to: name, back: true });
  }

  lines(name, own) {
    return this.players[name].lines.filter((line) => line.own === own).map((line) => line.text);
  }

  #paired(name) {
    return { room: "r", mode: "text", polite: name === "alice", common: [], resume: `${name} ${this.now}` };
  }

  #collect() {
    for (const [name, player] of Object.entries(this.players)) {
      for (const frame of player.takeSent()) this.#relay(name, frame);
    }
  }

  #relay(name, frame) {
    const { action, ...fields } = frame;
    if (action === "resume") return this.#fly(name, this.#paired(name), "peer_back");
    if (action === "ping") return this.#fly(name, { type: "pong" });
    if (this.random() < this.faults.lose) return undefined;
    const copies = this.random() < this.faults.repeat ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#fly(peerOf(name), { type: action, ...fields });
    return undefined;
  }

  #fly(to, event, toPeer) {
    this.flights.push({ at: this.now + this.random() * this.faults.delay_ms, to, event: { type: "paired", ...event }, toPeer });
  }

  #land() {
    const due = this.flights.filter((flight) => flight.at <= this.now).sort((one, two) => one.at - two.at);
    this.flights = this.flights.filter((flight) => flight.at > this.now);
    for (const { to, event, toPeer, back } of due) {
      const player = this.players[to];
      if (back) {
        this.online[to] = true;
        player.happen("opened");
      } else if (this.online[to]) player.happen("received", { event: structuredClone(event) });
      if (toPeer && this.online[peerOf(to)]) this.players[peerOf(to)].hear(toPeer, { room: "r" });
    }
  }
}

export function peerOf(name) {
  return name === "alice" ? "bob" : "alice";
}
