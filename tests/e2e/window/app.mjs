// The app in its window, as a person sees and touches it.
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Builder, By, Capabilities } from 'selenium-webdriver';
import { ahead } from './city.mjs';
import { bin, end, freePort, out, start, until } from './process.mjs';

const program = realpathSync(join(bin, 'sazanami-app'));

export class App {
  #driver;
  #web;

  /** A device by its name in the device file; what it keeps stays from one opening to the next. */
  constructor(name, deviceFile, size) {
    this.name = name;
    this.deviceFile = deviceFile;
    this.size = size;
    this.folder = join(out, name);
    mkdirSync(this.folder, { recursive: true });
  }

  /** Opens the window, with the device's clock at this time of the story or some seconds before it. */
  async open(time, before_s = 0) {
    const [port, native] = [await freePort(), await freePort()];
    this.#driver = start(`${this.name}-driver`, 'tauri-driver', ['--port', `${port}`, '--native-port', `${native}`], {
      SAZANAMI_DATA_DIR: this.folder,
      SAZANAMI_DEVICE_FILE: this.deviceFile,
      SAZANAMI_DEVICE: this.name,
      SAZANAMI_CLOCK_OFFSET_MS: String(Math.round(ahead(time, before_s))),
      XDG_DATA_HOME: join(this.folder, 'web'),
      XDG_CACHE_HOME: join(this.folder, 'web-cache'),
    });
    await until('tauri-driver listens', async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
    const wanted = new Capabilities();
    wanted.setBrowserName('wry');
    wanted.set('tauri:options', { application: program });
    this.#web = await new Builder().withCapabilities(wanted).usingServer(`http://127.0.0.1:${port}/`).build();
    await this.#web.manage().window().setRect(this.size);
    await this.#speakJapanese();
  }

  /** The system of the test need not know Japanese; the app keeps the language that somebody chose. */
  #speakJapanese() {
    return this.run(
      `if (localStorage.PARAGLIDE_LOCALE === 'ja') return;
       localStorage.PARAGLIDE_LOCALE = 'ja';
       location.reload();`,
    );
  }

  async close() {
    await this.#web?.quit().catch(() => {});
    await this.#letGo();
  }

  /** As when the battery is taken out: no warning, nothing is written any more. */
  async kill() {
    process.kill(this.pid(), 'SIGKILL');
    await this.#letGo();
  }

  /**
   * Takes the battery out in the middle of what the app writes next: it ends within its `nth` write to the store's
   * log, before that write is done. Resolves once that is certain to happen; `fallen` resolves when it has.
   */
  async killAtWrite(nth) {
    const log = readdirSync(this.folder, { recursive: true }).find((file) => file.endsWith('-wal'));
    const kill = ['-e', 'trace=pwrite64', '-e', `inject=pwrite64:signal=SIGKILL:when=${nth}`];
    const tracer = start(`${this.name}-strace`, 'strace', ['-f', '-P', join(this.folder, log), ...kill, '-p', `${this.pid()}`]);
    await new Promise((resolve, reject) => {
      tracer.stderr.on('data', (said) => String(said).includes('attached') && resolve());
      tracer.on('exit', () => reject(new Error(`strace ended; see ${this.name}-strace.log`)));
    });
    return { fallen: tracer.ended.then(() => this.#letGo()) };
  }

  async #letGo() {
    if (this.#driver) await end(this.#driver, 'SIGKILL');
    this.#web = this.#driver = null;
  }

  pid() {
    const ours = (pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return readlinkSync(`/proc/${pid}/exe`) === program && environment.includes(`SAZANAMI_DATA_DIR=${this.folder}`);
      } catch {
        return false; // ended meanwhile
      }
    };
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && ours(name));
    if (found.length !== 1) throw new Error(`${found.length} processes of ${this.name}`);
    return Number(found[0]);
  }

  /** Everything that can be read in the window. */
  text() {
    return this.#web.executeScript('return document.body.innerText');
  }

  async reads(words, patience_ms) {
    let text = '';
    const there = async () => includes((text = await this.text()), words);
    await until(`${this.name} reads 「${words}」`, there, patience_ms).catch((error) => {
      throw new Error(`${error.message}; it reads:\n${text}`);
    });
  }

  stopsReading(words, patience_ms) {
    return until(`${this.name} no longer reads 「${words}」`, async () => !includes(await this.text(), words), patience_ms);
  }

  async readsNot(words) {
    const text = await this.text();
    if (includes(text, words)) throw new Error(`${this.name} reads 「${words}」:\n${text}`);
  }

  goTo(path) {
    return this.run(
      `history.pushState({}, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate'));`,
      path,
    );
  }

  run(script, ...given) {
    return this.#web.executeScript(script, ...given);
  }

  /** Presses what is found (by CSS, or by XPath from `//` on), as soon as it is there and may be pressed. */
  press(path, words = '') {
    const by = path.startsWith('//') ? By.xpath(path) : By.css(path);
    return until(`${this.name} presses ${path} ${words}`, async () => {
      for (const element of await this.#web.findElements(by)) {
        const label = `${await element.getText()} ${(await element.getAttribute('aria-label')) ?? ''}`;
        if (!includes(label, words) || !(await element.isEnabled())) continue;
        await this.run('arguments[0].scrollIntoView({ block: "center" })', element); // a list that scrolls by itself
        await element.click();
        return true;
      }
      return false;
    });
  }

  /** Presses what is inside the first of several (rows, cards) that has these words. */
  pressIn(outer, words, inner) {
    return until(`${this.name} presses ${inner} of ${outer} ${words}`, async () => {
      for (const element of await this.#web.findElements(By.css(outer))) {
        if (!includes(await element.getText(), words)) continue;
        await element.findElement(By.css(inner)).click();
        return true;
      }
      return false;
    });
  }

  /** Chooses a radio or box by the words of its label. */
  choose(words) {
    return this.press('label', words);
  }

  async picture(name) {
    writeFileSync(join(out, `${name}.png`), await this.#web.takeScreenshot(), 'base64');
  }

  /** The board's tiles: whose, and what is said of them. */
  tiles() {
    return this.run(
      `return [...document.querySelectorAll('button.tile')].map((tile) => tile.querySelector('.vh').textContent)`,
    );
  }
}

/** Words as they are spoken: breaks and wide or narrow blanks do not matter. */
const includes = (text, words) => flat(text).includes(flat(words));
const flat = (text) => text.replace(/[\s\u200b\u2060]+/g, '');
