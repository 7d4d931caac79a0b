/** The workbench as its user meets it: files opened by name, text typed, what is on the screen read. */
import type { Browser, Locator, Page } from 'playwright-core';

const patience = 20_000;

/** Pixels of the page, and how many of the picture make one. */
interface Size {
  width: number;
  height: number;
  scale?: number;
}

const usual: Size = { width: 1400, height: 850 };

export class Workbench {
  readonly page: Page;
  /** What the page and its extension host said, for the log of a failure. */
  readonly said: string[];

  private constructor(page: Page, said: string[]) {
    this.page = page;
    this.said = said;
  }

  /** Opens the address and waits for the files of its folder to be listed. */
  static async open(browser: Browser, url: string, size: Size = usual): Promise<Workbench> {
    const { page, said } = await newPage(browser, size);
    const workbench = new Workbench(page, said);
    await page.goto(url);
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 60_000 })
      .catch(error => {
        throw new Error(`The workbench did not come up within a minute: ${error.message}\n${said.slice(-20).join('\n')}`);
      });
    return workbench;
  }

  /** By a double click on its name in the explorer. */
  async openFile(name: string): Promise<void> {
    await this.page.locator('.explorer-folders-view .label-name').getByText(name, { exact: true }).dblclick({ timeout: patience });
    await this.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: patience });
    await this.lines.first().waitFor({ timeout: patience });
  }

  /** Runs a command by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await input.waitFor({ timeout: patience });
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: title }).waitFor({ timeout: patience });
    await this.page.keyboard.press('Enter');
  }

  get lines(): Locator {
    return this.page.locator('.editor-instance .view-lines .view-line');
  }

  /** The line on the screen that holds this text; blanks on the screen are no-break spaces. */
  line(text: string): Locator {
    return this.lines.filter({ hasText: blanks(text) });
  }

  /** The cursor to the end of the line that holds this text. */
  async endOf(text: string): Promise<void> {
    await this.find(text);
    await this.page.keyboard.press('End');
  }

  /** Selects the first occurrence through the find widget, which also scrolls to it. */
  async find(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+Home');
    await this.page.keyboard.press('Control+F');
    const input = this.page.locator('.find-widget.visible textarea[aria-label="Find"]');
    await input.waitFor({ timeout: patience });
    await input.fill(text);
    await this.page.locator('.find-widget .matchesCount', { hasText: /^1 of/ }).waitFor({ timeout: patience });
    await this.page.keyboard.press('Escape');
  }

  async focus(): Promise<void> {
    await this.page.keyboard.press('Control+1');
  }

  /** Replaces the first occurrence of `text` by typing over it. */
  async retype(text: string, by: string): Promise<void> {
    await this.find(text);
    await this.page.keyboard.type(by);
  }

  /** The hover over a word of a line; it stays on the screen. */
  async hover(lineText: string, word: string): Promise<Locator> {
    await this.page.mouse.move(5, 5);
    await this.hovers.waitFor({ state: 'hidden', timeout: patience });
    const { x, y } = await this.line(lineText).first().evaluate(middleOf, word);
    // Two moves: one alone is no hovering.
    await this.page.mouse.move(x + 1, y);
    await this.page.mouse.move(x, y);
    await this.hovers.waitFor({ timeout: patience });
    return this.hovers;
  }

  private get hovers(): Locator {
    return this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content:not(:empty)').first();
  }

  get errors(): Locator {
    return this.page.locator('.editor-instance .squiggly-error');
  }

  get warnings(): Locator {
    return this.page.locator('.editor-instance .squiggly-warning');
  }

  /** Waits until the hint at the end of a line is this. */
  async hint(lineText: string, wanted: string | RegExp): Promise<void> {
    const read = () => this.line(lineText).first().evaluate(hintOf);
    await this.until(`the hint of "${lineText}" to be ${wanted}`, read, found => matches(found, wanted));
  }

  /** Waits until a headline over a journey is this. */
  async lens(wanted: string | RegExp): Promise<void> {
    const read = () => this.page.locator('.codelens-decoration:visible').allInnerTexts();
    await this.until(`a lens that is ${wanted}`, read, all => all.some(text => matches(plain(text), wanted)));
  }

  /** Waits until the status bar says so. */
  async status(wanted: RegExp): Promise<void> {
    const read = () => this.page.locator('.part.statusbar').innerText();
    await this.until(`the status bar to say ${wanted}`, read, text => wanted.test(plain(text)));
  }

  /** The colour of each differently coloured piece of a line. */
  colours(lineText: string): Promise<Record<string, string>> {
    return this.line(lineText).first().evaluate(coloursOf);
  }

  /** Does something, and measures in the page until the hint of a line is this; in ms. */
  async timed(lineText: string, wanted: string, act: () => Promise<void>): Promise<number> {
    const began = await this.page.evaluate(() => performance.now());
    const ended = this.page.evaluate(
      ([line, hint]) =>
        new Promise<number>(resolve => {
          const look = () => {
            const found = [...document.querySelectorAll('.editor-instance .view-line')].find(element =>
              element.textContent?.replace(/\s+/g, ' ').includes(line),
            );
            if (found?.textContent?.replace(/\s+/g, ' ').endsWith(hint)) resolve(performance.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      [lineText.replace(/\s+/g, ' '), wanted],
    );
    await act();
    return Math.round((await ended) - began);
  }

  /** Asks again until the answer is what was waited for. @throws after a while, with the last answer */
  async until<T>(what: string, ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (enough(answer)) return answer;
      if (Date.now() > end) throw new Error(`waited in vain for ${what}; at last there was ${JSON.stringify(answer)}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Throws the changes of the open file away and closes it. */
  async closeFile(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.command('View: Revert and Close Editor');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** A page that keeps what is said, and offers what VS Code calls when its tests have run. */
export async function newPage(browser: Browser, { scale = 1, ...viewport }: Size = usual) {
  const context = await browser.newContext({ viewport, deviceScaleFactor: scale });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', message => said.push(`[${message.type()}] ${message.text().slice(0, 2000)}`));
  page.on('pageerror', error => said.push(`[page error] ${String(error.stack ?? error).slice(0, 2000)}`));
  return { page, said };
}

/** Runs in the page: where on the screen the middle of a word of a line is. */
function middleOf(line: Element, word: string): { x: number; y: number } {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = (node.nodeValue ?? '').replace(/\u00a0/g, ' ').indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    const box = range.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }
  throw new Error(`the line shows no "${word}" in one colour: ${line.textContent}`);
}

/** Runs in the page: the text of a line's hints. */
function hintOf(line: Element): string {
  // Hints are the pieces that VS Code gives classes of their own, made by decorations.
  const pieces = [...line.querySelectorAll('span[class*="dyn-rule"], span[class*="ced-"]')].filter(piece => piece.children.length === 0);
  return pieces
    .map(piece => piece.textContent ?? '')
    .join('')
    .replace(/\s/g, ' ')
    .trim();
}

/** Runs in the page: text and colour of the pieces of a line. */
function coloursOf(line: Element): Record<string, string> {
  const pieces = [...line.querySelectorAll('span > span')].filter(piece => piece.textContent?.trim());
  return Object.fromEntries(pieces.map(piece => [(piece.textContent ?? '').replace(/\s/g, ' ').trim(), getComputedStyle(piece).color]));
}

const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
const matches = (text: string, wanted: string | RegExp) => (typeof wanted === 'string' ? text === wanted : wanted.test(text));

const blanks = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, '[\\s\\u00a0]+'));
