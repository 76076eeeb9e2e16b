// The real server with the invented city, on a free port, ended by whoever started it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts the city at a moment (`2026-11-24 08:15`); resolves once it says how to get in. */
export async function startCity(at) {
  const data = mkdtempSync(join(tmpdir(), 'sazanami-city-'));
  const port = await freePort();
  const binary = join(process.env.SAZANAMI_BIN ?? join(root, 'target', 'debug'), 'sazanami-server');
  const web = join(root, 'ui', 'dist');
  const child = spawn(binary, ['demo', '--data', data, '--port', String(port), '--at', at, '--web', web], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (part) => (log += part));
  await new Promise((resolve, reject) => {
    let told = '';
    child.stdout.on('data', (part) => {
      told += part;
      if (told.includes('PINs')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.slice(-2000)}`)));
  });
  const { doors, pins } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'));
  const base = `http://127.0.0.1:${port}`;
  return {
    base,
    pins,
    door: (key) => `${base}/signin#${doors.find((door) => door.key === key).token}`,
    pid: child.pid,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
