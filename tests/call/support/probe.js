// Runs in the page before anything else: keeps every connection in reach and measures what arrives.
(() => {
  const Real = window.RTCPeerConnection;
  const connections = [];
  if (Real) {
    window.RTCPeerConnection = class extends Real {
      constructor(...rest) {
        super(...rest);
        connections.push(this);
      }
    };
  }
  const current = () => connections.filter((pc) => pc.signalingState !== 'closed').at(-1);
  const video = () => document.querySelector('[aria-label="Stranger\'s video"]');

  async function stats() {
    const pc = current();
    if (!pc) return null;
    // In Firefox the promise of a connection that is closed meanwhile is never settled.
    const late = new Promise((resolve) => { setTimeout(() => resolve(null), 2_000); });
    const report = await Promise.race([pc.getStats(), late]);
    if (!report) return null;
    const all = [...report.values()];
    const inbound = (kind) => all.find((report) => report.type === 'inbound-rtp' && report.kind === kind) ?? {};
    const transport = all.find((report) => report.type === 'transport');
    const pair = all.find((report) => report.id === transport?.selectedCandidatePairId)
      ?? all.find((report) => report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded');
    const candidate = (id) => all.find((report) => report.id === id) ?? {};
    return {
      state: pc.connectionState, connections: connections.length,
      open: connections.filter((one) => one.signalingState !== 'closed').length,
      frames: inbound('video').framesDecoded ?? 0, audioPackets: inbound('audio').packetsReceived ?? 0,
      audioEnergy: inbound('audio').totalAudioEnergy ?? 0, width: inbound('video').frameWidth ?? 0,
      fragment: /a=ice-ufrag:(\S+)/.exec(pc.localDescription?.sdp ?? '')?.[1] ?? null,
      local: pair && candidate(pair.localCandidateId).candidateType, remote: pair && candidate(pair.remoteCandidateId).candidateType,
      remotePort: pair && candidate(pair.remoteCandidateId).port, relayProtocol: pair && candidate(pair.localCandidateId).relayProtocol,
    };
  }

  function colour() {
    const from = video();
    if (!from?.videoWidth) return null;
    const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 24 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(from, 0, 0, 32, 24);
    const { data } = context.getImageData(0, 0, 32, 24);
    const sums = [0, 0, 0];
    for (let index = 0; index < data.length; index += 4) for (let part = 0; part < 3; part += 1) sums[part] += data[index + part];
    return sums.map((sum) => Math.round(sum / (data.length / 4)));
  }

  async function hertz(milliseconds = 400) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 4096;
    context.createMediaStreamSource(video().srcObject).connect(analyser);
    await new Promise((resolve) => { setTimeout(resolve, milliseconds); });
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    await context.close();
    return bins[loudest] > -80 ? Math.round((loudest * context.sampleRate) / analyser.fftSize) : 0;
  }

  // The loudest that arrives within this time, from 0 to 1. A silent track is exactly 0, or the codec's breath.
  async function peak(milliseconds = 1_500) {
    const stream = video().srcObject;
    if (!stream?.getAudioTracks().length) return 0;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      await new Promise((resolve) => { setTimeout(resolve, 20); });
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
    }
    await context.close();
    return loudest;
  }

  window.probe = { connections, current, stats, colour, hertz, peak };
})();
