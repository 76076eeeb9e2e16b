let sound: AudioContext | null = null;

/** Two soft tones, made here so that they need no file and no network. */
function chime(): void {
  sound ??= new AudioContext();
  const begin = sound.currentTime;
  for (const [at, pitch] of [
    [0, 660],
    [0.28, 880],
  ] as const) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, begin + at);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + at + 0.6);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin + at);
    tone.stop(begin + at + 0.6);
  }
}

/** Rings now and again each minute, until the returned function is called. */
export function ringEachMinute(): () => void {
  chime();
  const timer = setInterval(chime, 60_000);
  return () => clearInterval(timer);
}
