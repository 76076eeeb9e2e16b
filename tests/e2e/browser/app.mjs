// The screens of an installed app, answered from invented records: what no browser at the server ever shows (a device
// without a network, a code to be paired with), and every sheet in one step. One page per scene of `ui/tests/scenes.ts`.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';

const ui = join(import.meta.dirname, '..', '..', '..', 'ui');
/** An empty page of the same origin, on which what a screen has kept can be emptied. */
const between = '/between-two-scenes';
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

/** Builds and serves the invented app; resolves to its address and its scenes. */
export async function startApp() {
  const site = mkdtempSync(join(tmpdir(), 'sazanami-app-'));
  const how = ['--mode', 'fixture', '--outDir', site, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync('npm', ['run', '--silent', 'build', '--', ...how], { cwd: ui, stdio: ['ignore', 'ignore', 'inherit'] });
  const server = createServer((request, reply) => {
    const { pathname } = new URL(request.url, 'http://app');
    if (pathname === between) return reply.setHeader('content-type', 'text/html').end('');
    const path = join(site, normalize(pathname));
    const file = existsSync(path) && statSync(path).isFile() ? path : join(site, 'index.html');
    reply.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    // Their names change with what is in them.
    if (pathname.startsWith('/assets/')) reply.setHeader('cache-control', 'max-age=3600, immutable');
    createReadStream(file).pipe(reply);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  return {
    base,
    between: base + between,
    scenes: await readScenes(),
    async stop() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(site, { recursive: true, force: true });
    },
  };
}

/** They are written in TypeScript, which Vite can load and this Node cannot. */
async function readScenes() {
  const vite = createRequire(join(ui, 'package.json')).resolve('vite');
  const { runnerImport } = await import(pathToFileURL(vite));
  const { module } = await runnerImport(join(ui, 'tests', 'scenes.ts'), { configFile: false });
  return module.scenes;
}
