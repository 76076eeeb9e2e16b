// Runs a TypeScript script with Vite's own loader, because Node 20 cannot: node tests/run.js tests/shots.ts …
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [script, ...rest] = process.argv.slice(2);
process.argv = [process.argv[0], script, ...rest];
await runnerImport(resolve(script), { configFile: false });
