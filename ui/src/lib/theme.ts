/** Light or dark: the person's choice on this device, else the system's, followed while it changes. */
export type Theme = 'light' | 'dark';

const key = 'sazanami.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export const chosenTheme = (): Theme | null => {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : null;
};

const show = () => {
  document.documentElement.dataset['theme'] = chosenTheme() ?? (system.matches ? 'dark' : 'light');
};

export function chooseTheme(theme: Theme | null): void {
  if (theme) localStorage.setItem(key, theme);
  else localStorage.removeItem(key);
  show();
}

export function followTheme(): void {
  show();
  system.addEventListener('change', show);
}
