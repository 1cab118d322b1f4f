// Says a thousand times what one end of a call might say: each signal is whole, and a browser takes it. Runs in
// the harness page.
(kind, count) => {
  const { generation } = window.harness.calls.call.link;
  const { sdp } = window.probe.current().localDescription;
  const [, fragment] = /a=ice-ufrag:(\S+)/.exec(sdp);
  const address = (number, each) => `candidate:${number}${each} 1 udp 2122260223 192.0.2.${each} ${1024 + number} typ host`;
  const candidates = (number, usernameFragment) => Array.from({ length: 64 }, (_, each) => (
    { candidate: address(number, each), sdpMid: '0', sdpMLineIndex: 0, usernameFragment }));
  const offer = (ahead, number, text = sdp) => ({ generation: generation + ahead, number, description: { type: 'offer', sdp: text } });
  const makers = {
    offers: (number) => offer(0, number + 2),
    'the same offer': () => offer(0, 1),
    'new connections': (number) => offer(number + 1, 1),
    'new connections with every codec there is': (number) => offer(number + 1, 1, withEveryCodec(sdp)),
    answers: (number) => ({ generation, number, description: { type: 'answer', sdp } }),
    candidates: (number) => ({ generation, candidates: candidates(number, fragment) }),
    'candidates of nobody': (number) => ({ generation, candidates: candidates(number, 'nobody') }),
    'candidates of a connection to come': (number) => ({ generation: generation + 9, candidates: candidates(number, 'nobody') }),
    restarts: () => ({ generation, ask: 'restart' }),
    rebuilds: (number) => ({ generation: generation + number, ask: 'rebuild' }),
    holds: (number) => ({ hold: number % 2 === 0 }),
    states: (number) => ({ media: {
      version: 2 ** 50 + number, camera: number % 2 === 0, microphone: number % 3 === 0, revealed: number % 5 === 0,
      paused: number % 7 === 0, want: ['video', 'low', 'audio'][number % 3],
    } }),
    'keys of every object': (number) => JSON.parse(`{
      "__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } }, "generation": ${generation},
      "number": ${number}, "media": { "__proto__": { "want": "video" }, "version": ${number} }
    }`),
  };

  function withEveryCodec(text) {
    const types = Array.from({ length: 60 }, (_, each) => 35 + each).filter((type) => !text.includes(`rtpmap:${type} `)).slice(0, 28);
    const lines = types.flatMap((type) => [
      `a=rtpmap:${type} H264/90000`,
      ...['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc'].map((feedback) => `a=rtcp-fb:${type} ${feedback}`),
      `a=fmtp:${type} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f`,
    ]);
    return [text.replace(/(m=video \S+ \S+.*)\r\n/, `$1 ${types.join(' ')}\r\n`).trimEnd(), ...lines, ''].join('\r\n');
  }

  for (let number = 0; number < count; number += 1) window.harness.send(window.harness.room, makers[kind](number));
};
