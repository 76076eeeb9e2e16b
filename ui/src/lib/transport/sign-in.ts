import { refusal, unanswered } from './contract';
import { tabs } from './tabs';

/** Turns a token from a link into this browser's session; an installed app has its own pairing and never asks this. */
export async function signIn(token: string): Promise<void> {
  const reply = await fetch('/v1/app/sign-in', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ token }),
  }).catch((thrown: unknown) => {
    throw refusal(thrown);
  });
  if (!reply.ok) throw await unanswered(reply);
  tabs().changed();
}

/** Where to go afterwards: a path of this site and of no other. */
export const safePath = (from: string | null): string =>
  from && /^\/(?!\/)/.test(from) && !from.startsWith('/signin') ? from : '/';
