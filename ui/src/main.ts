import { browserTransport } from '$lib/transport/browser';
import { tauriTransport } from '$lib/transport/tauri';
import { start } from './start';

const signIn = () => {
  if (location.pathname !== '/signin')
    location.assign(`/signin?from=${encodeURIComponent(location.pathname)}`);
};

start(window.__TAURI_INTERNALS__ ? tauriTransport(window.__TAURI_INTERNALS__) : browserTransport(signIn));
