import { browserTransport } from '$lib/transport/browser';
import { tabs } from '$lib/transport/tabs';
import { tauriTransport } from '$lib/transport/tauri';
import { openToAll } from './routes/landing';
import { start } from './start';

const signIn = () => {
  if (location.pathname !== '/signin')
    location.assign(`/signin?from=${encodeURIComponent(location.pathname)}`);
};

/** Nothing stays on the screen that was for a session which is over. */
function followSession(): void {
  tabs().onChanged(() => {
    if (!openToAll.includes(location.pathname)) location.reload();
  });
  // A page that the browser keeps for the way back is put away empty, and comes back as a new one.
  addEventListener('pagehide', ({ persisted }) => (document.documentElement.hidden = persisted));
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}

const installed = window.__TAURI_INTERNALS__;
if (!installed) followSession();
start(installed ? tauriTransport(installed) : browserTransport(signIn));
