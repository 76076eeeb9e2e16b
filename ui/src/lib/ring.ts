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

const MINUTE = 60_000;
let last = -MINUTE;

function ring(): void {
  last = performance.now();
  chime();
}

/**
 * Rings each minute, until the returned function is called: at once, unless it rang within the last minute, so that
 * going from page to page neither silences it nor rings anew.
 */
export function ringEachMinute(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    ring();
    timer = setTimeout(next, MINUTE);
  };
  timer = setTimeout(next, Math.max(0, last + MINUTE - performance.now()));
  return () => clearTimeout(timer);
}
