/** Size of text on this device, in percent of the browser's own: the person's choice, kept where they made it. */
export const textSizes = [100, 125, 150, 200] as const;
export type TextSize = (typeof textSizes)[number];

const key = 'sazanami.text';

export const chosenTextSize = (): TextSize => {
  const stored = Number(localStorage.getItem(key));
  return textSizes.find((size) => size === stored) ?? 100;
};

export function followTextSize(): void {
  document.documentElement.style.fontSize = chosenTextSize() === 100 ? '' : `${chosenTextSize()}%`;
  // Chromium goes on measuring `@container` in the rem that was the root's when the container was made: made anew.
  const app = document.getElementById('app');
  if (!app) return;
  app.style.containerType = 'normal';
  void app.offsetWidth;
  app.style.containerType = '';
}

export function chooseTextSize(size: TextSize): void {
  localStorage.setItem(key, String(size));
  followTextSize();
}
