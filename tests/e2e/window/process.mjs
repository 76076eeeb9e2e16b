// Programs that a test starts and ends, each in a process group of its own.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const out = process.env.OUT ?? join(import.meta.dirname, '..', 'out');
export const bin = process.env.SAZANAMI_BIN;

const running = new Set();
process.on('exit', () => running.forEach((group) => signal(group, 'SIGKILL')));
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => process.exit(1));

/** Starts a program; its words go to `out/<name>.log`. */
export function start(name, program, args, env = {}) {
  const child = spawn(program, args, { detached: true, env: { ...process.env, ...env } });
  const log = createWriteStream(join(out, `${name}.log`), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.ended = new Promise((resolve) => child.on('exit', resolve));
  running.add(child.pid);
  child.on('exit', () => running.delete(child.pid));
  return child;
}

/** Ends a program and everything that it started. */
export async function end(child, how = 'SIGTERM') {
  signal(child.pid, how);
  await child.ended;
  signal(child.pid, 'SIGKILL'); // what it left behind in its group
}

function signal(group, how) {
  try {
    process.kill(-group, how);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Asks until the answer is true, or says what never came. */
export async function until(what, ask, patience_ms = 20_000) {
  const begun = Date.now();
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() - begun > patience_ms) throw new Error(`${what}: not within ${patience_ms} ms (${last})`);
    await pause(50);
  }
}

/** A free port of this machine. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The network between a device and the server: whole or cut, without either of them being told. */
export class Wire {
  #server;
  #open = new Set();
  #whole = true;

  static async to(port) {
    const wire = new Wire();
    wire.#server = createServer((socket) => wire.#carry(socket, port));
    await new Promise((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    wire.#server.unref();
    wire.port = wire.#server.address().port;
    return wire;
  }

  cut() {
    this.#whole = false;
    this.#open.forEach((socket) => socket.destroy());
  }

  mend() {
    this.#whole = true;
  }

  #carry(near, port) {
    if (!this.#whole) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
