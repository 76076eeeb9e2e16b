// The server with its invented city. Its clock begins at a moment of 2026-11-24 and may be set to a later one by
// ending and starting it again: the city stays.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, end, freePort, out, start, until } from './process.mjs';

const DAY = '2026-11-24';
const web = join(import.meta.dirname, '..', '..', '..', 'ui', 'dist');

/** Milliseconds between the true time and this time of the story's day (`6:58`), in Japan, or some seconds before it. */
export const ahead = (time, before_s = 0) =>
  Date.parse(`${DAY}T${time.padStart(5, '0')}:00+09:00`) - before_s * 1000 - Date.now();

export class City {
  #server = null;
  #data = join(out, 'city');

  static async found() {
    const city = new City();
    city.port = await freePort();
    mkdirSync(city.#data, { recursive: true });
    return city;
  }

  /** Serves, with its clock at so many seconds of this minute. */
  async open(time, second = 0) {
    // the classroom tablet of みなと保育園 is the app under test: no other one may take its messages
    const where = ['--data', this.#data, '--port', String(this.port), '--web', web];
    const args = ['demo', '--tablets-away', 'minato', ...where, '--at', `${DAY} ${time}:${String(second).padStart(2, '0')}`];
    this.#server = start('server', join(bin, 'sazanami-server'), args);
    const health = async () => (await fetch(`http://127.0.0.1:${this.port}/v1/health`)).ok;
    await until('the server serves', health, 180_000);
  }

  /** The address that signs somebody in, such as `office`. */
  door(key) {
    const { doors } = JSON.parse(readFileSync(join(this.#data, 'demo.json'), 'utf8'));
    return `http://127.0.0.1:${this.port}/signin#${doors.find((door) => door.key === key).token}`;
  }

  async close() {
    if (this.#server) await end(this.#server);
    this.#server = null;
  }

  /** Where a device reads how it is paired; through a wire where one is given. */
  deviceFile(wire = null) {
    const devices = readFileSync(join(this.#data, 'demo-devices.json'), 'utf8');
    if (!wire) return join(this.#data, 'demo-devices.json');
    const file = join(out, `devices-${wire.port}.json`);
    writeFileSync(file, devices.replaceAll(`127.0.0.1:${this.port}`, `127.0.0.1:${wire.port}`));
    return file;
  }
}
