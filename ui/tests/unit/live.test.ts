/** A question that cannot be answered: what the screen says about it. */
import { expect, test } from 'vitest';
import { RefusedError } from '../../src/lib/transport/contract';
import { Live } from '../../src/lib/transport/live.svelte';
import { install, type Transport } from '../../src/lib/transport/transport';

async function askedOf(code: string): Promise<RefusedError | null> {
  install({
    ask: () => Promise.reject({ code, support: 'T-1' }),
    watch: () => () => {},
  } as unknown as Transport);
  const live = new Live<'receipt'>(() => ({ query: 'receipt', announcement: 'xyz' }));
  await live.again();
  return live.problem;
}

test('a link that holds no id leads to nothing, and nobody is told to correct an entry', async () => {
  expect(await askedOf('bad_input')).toMatchObject({ code: 'not_found', support: 'T-1' });
});

test('every other refusal is shown as it is', async () => {
  expect(await askedOf('not_allowed')).toMatchObject({ code: 'not_allowed', support: 'T-1' });
});
