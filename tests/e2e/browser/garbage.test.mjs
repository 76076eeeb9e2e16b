// Garbage, foreign ids and foreign tokens on every endpoint of the real server: a code, never a 5xx.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startCity } from './server.mjs';

let city, cookie, staff;
const id = '019cabd8-3800-7000-8000-000000000001';

before(async () => {
  city = await startCity('2026-11-24 08:15');
  // before the garbage: whoever tries many wrong tokens is slowed down
  cookie = await signIn('guardian');
  staff = await signIn('office');
});
after(() => city?.stop());

async function signIn(key) {
  const reply = await post('/v1/app/sign-in', { token: city.door(key).split('#')[1] });
  return reply.headers.get('set-cookie').split(';')[0];
}

function post(path, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(city.base + path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
}

const bodies = [
  '', '{', 'null', '[]', '"x"', '{}', '{"query":"no"}', '{"query":"board"}', '\u0000', '{"token":""}',
  { token: 'x'.repeat(5000) },
  { token: '0'.repeat(26) },
  { query: 'child_sheet', facility: id, child: id },
  { query: 'receipt', announcement: id },
  { query: 'site_today', facility: id },
  { query: 'board', place: { place: 'class', facility: 'not an id', class: id } },
  { command: { command: 'arrive', facility: id, children: [id] } },
  { command: { command: 'void', record: id, reason: 'x' } },
  { command: { command: 'decide_join', guardianship: id, confirm: true } },
  { request: 'pair_confirm', code: '000000', facility: id },
  { request: 'join', server: '', token: '0'.repeat(26), name: '', kana: '', relation: '', phone: '' },
  { epoch: id, cursor: 'garbage', batch: { incarnation: id, number: 1, letters: [], signature: 'zz' } },
];
const paths = [
  '/v1/app/ask', '/v1/app/act', '/v1/app/host', '/v1/app/sign-in',
  '/v1/sync', '/v1/pair', '/v1/pair/poll', '/v1/join', '/v1/join/look', '/v1/nothing',
];

test('garbage on every endpoint gets a code and never a fault of the server', async () => {
  const wrong = [];
  for (const path of paths) {
    for (const headers of [{}, { cookie }, { authorization: 'Bearer garbage' }]) {
      for (const body of bodies) {
        const reply = await post(path, body, headers);
        await reply.text();
        if (reply.status >= 500) wrong.push(`${reply.status} ${path} ${JSON.stringify(body).slice(0, 60)}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('what is not there and what is not yours get the same answer', async () => {
  const me = await (await post('/v1/app/ask', { query: 'me' }, { cookie: staff })).json();
  const { facility } = me.view.home;
  const answer = async (query) => {
    const reply = await post('/v1/app/ask', query, { cookie });
    return [reply.status, (await reply.json()).code];
  };
  assert.deepEqual(
    await answer({ query: 'site_today', facility }),
    await answer({ query: 'site_today', facility: id }),
  );
});
