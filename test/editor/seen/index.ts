/** What a user sees, each from opening a file to what is then on the screen. The numbers of small.journey are derived in ../inside/journey.ts. */
import assert from 'node:assert/strict';
import type { Workbench } from './workbench.ts';

export interface Check {
  name: string;
  /** Returns what is worth telling besides that it passed. */
  run(workbench: Workbench): Promise<string | undefined>;
}

export const checks: Check[] = [
  {
    name: 'the example opens in colours, with numbers, a headline and a status',
    async run(workbench) {
      await workbench.openFile('shop.journey');
      const line = workbench.line('sample "data/orders.csv"');
      await line.waitFor();
      const inColour = await workbench.until(
        'colours',
        () => workbench.colours('sample "data/orders.csv"'),
        all => new Set(Object.values(all)).size > 1,
      );
      assert.notEqual(inColour['"data/orders.csv"'], inColour.sample);
      await workbench.hint('source orders {', /^[\d,]+ events · \d{4}-\d\d-\d\d … \d{4}-\d\d-\d\d$/);
      await workbench.status(/web, orders, mail · [\d,]+ events · as of \d{4}-\d\d-\d\d · [\d.]+m?s/);
      await workbench.find('journey Onboarding');
      await workbench.lens(/^[\d,]+ entered · [\d,]+ active · [\d.]+% completed · median /);
      assert.equal(await workbench.errors.count(), 0);
    },
  },
  {
    name: 'each number stands whole at the end of its line',
    async run(workbench) {
      await workbench.openFile('small.journey');
      await workbench.lens('3 entered · 1 active · 33.3% completed · median 9d 12h');
      await workbench.hint('enter    Joined', '4 attempts · 3 entered · 1 turned away: 1 once');
      await workbench.hint('stage    Looking', '2 · 66.7% reached · median 8d');
      await workbench.hint('complete Bought', '1 · 33.3%');
      await workbench.hint('metric   activation', '33.3% (1 of 3)');
      await workbench.hint('expect   activation', '✓ 33.3% (1 of 3)');
      await workbench.status(/web · 10 events · as of 2026-01-20 · [\d.]+m?s/);
      await workbench.closeFile();
    },
  },
  {
    name: 'a number follows the condition as it is typed',
    async run(workbench) {
      await workbench.openFile('small.journey');
      await workbench.hint('complete Bought', '1 · 33.3%');
      await workbench.find('internal');
      // bob and dea have another plan than free, and neither paid for an order.
      await workbench.page.keyboard.type('fre');
      const ms = await workbench.timed('complete Bought', 'nobody', () => workbench.page.keyboard.type('e'));
      await workbench.hint('enter    Joined', '2 attempts · 2 entered');
      await workbench.closeFile();
      assert.ok(ms < 3000, `from the key to the number it took ${ms} ms`);
      return `${ms} ms from the key to the number on the screen`;
    },
  },
  {
    name: 'a typing error is underlined, explained in words, and blanks no number',
    async run(workbench) {
      await workbench.openFile('small.journey');
      await workbench.hint('complete Bought', '1 · 33.3%');
      await workbench.retype('where', 'wehre');
      await workbench.errors.first().waitFor();
      await workbench.hint('complete Bought', '1 · 33.3% …');
      await workbench.lens(/^3 entered .* …$/);
      const said = await (await workbench.hover('enter    Joined', 'wehre')).innerText();
      assert.match(said, /wehre.*did you mean.*where/);
      assert.doesNotMatch(said, /expecting|token|NoViableAlt|Mismatched/i);
      await workbench.retype('wehre', 'where');
      await workbench.hint('complete Bought', '1 · 33.3%');
      assert.equal(await workbench.errors.count(), 0);
      await workbench.closeFile();
    },
  },
  {
    name: 'a hover shows the detail and a picture',
    async run(workbench) {
      await workbench.openFile('small.journey');
      await workbench.lens(/^3 entered/);
      const hover = await workbench.hover('journey Small', 'Small');
      assert.match(await hover.innerText(), /From joining to the first order\.\s+3 entered · 1 active · 33\.3% completed · 3 people/);
      const picture = hover.locator('img').first();
      await picture.waitFor();
      const drawn = await workbench.until(
        'the picture to be drawn',
        () => picture.evaluate(image => (image as HTMLImageElement).naturalWidth),
        width => width > 0,
      );
      assert.ok(drawn > 100, `it is ${drawn} px wide`);
      await workbench.closeFile();
    },
  },
  {
    name: 'a quick fix mends the name of an event',
    async run(workbench) {
      await workbench.openFile('typo.journey');
      await workbench.warnings.first().waitFor();
      await workbench.hint('enter    Joined', 'no attempts');
      await workbench.find('sinup');
      await workbench.page.keyboard.press('Control+Period');
      const menu = workbench.page.locator('.action-widget .monaco-list-row', { hasText: /signup/ });
      await menu.first().waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench.line('on web.signup').waitFor();
      await workbench.hint('enter    Joined', /^5 attempts · 4 entered/);
      await workbench.until(
        'the warning to go',
        () => workbench.warnings.count(),
        count => count === 0,
      );
      await workbench.closeFile();
    },
  },
  {
    name: 'a change in an imported file is seen in the file that imports it',
    async run(workbench) {
      await workbench.openFile('sources.journey');
      await workbench.hint('event Ordered', '1 event');
      // bob's order for nothing counts now.
      await workbench.retype('total > 0', 'total >= 0');
      await workbench.hint('event Ordered', '2 events');
      await workbench.openFile('small.journey');
      await workbench.hint('complete Bought', '2 · 66.7%');
      await workbench.closeFile();
      await workbench.closeFile();
    },
  },
  {
    name: 'a damaged data file is named, with what was expected of it',
    async run(workbench) {
      await workbench.openFile('binary.journey');
      await workbench.errors.first().waitFor();
      const said = await (await workbench.hover('sample "picture.csv"', '"picture.csv"')).innerText();
      assert.match(said, /picture\.csv is binary data; expected CSV, NDJSON or JSON/);
      await workbench.closeFile();
    },
  },
  {
    name: 'completion offers the names that fit',
    async run(workbench) {
      await workbench.openFile('small.journey');
      await workbench.hint('complete Bought', '1 · 33.3%');
      await workbench.endOf('on Viewed');
      await workbench.page.keyboard.type(' or ');
      await workbench.page.keyboard.press('Control+Space');
      const offered = workbench.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
      await offered.first().waitFor();
      const names = await offered.allInnerTexts();
      for (const name of ['SignedUp', 'Viewed', 'Ordered']) assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
      await workbench.page.keyboard.press('Escape');
      await workbench.closeFile();
    },
  },
  {
    name: 'an identity is in colours, its rules have numbers, and what they do is told beside it',
    async run(workbench) {
      await workbench.openFile('people.journey');
      await workbench.hint('identity account {', '2 customers of 5 ids');
      await workbench.hint('ignore device', '1 value on 2 rows');
      await workbench.hint('complete Paid', /^(< 2|withheld)$/);
      const colours = await workbench.colours('never link user');
      assert.notEqual(colours['"ann"'], colours.user);
      const said = await (await workbench.hover('never link user', 'ann')).innerText();
      assert.match(said, /user ann\s+2 ids of one customer/);
      await workbench.page.keyboard.press('Escape');
      await workbench.focus();
      await workbench.command("Journey: Explain a Customer's Identity");
      const row = (text: string) => workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: text });
      await row('All customers').click();
      await workbench.page.locator('.tab.active, .tab', { hasText: 'Identity.md' }).first().waitFor();
      await workbench.line('# Identity account').waitFor();
      await workbench.line('2 customers of 5 ids on 6 events').waitFor();
      await workbench.page.keyboard.press('Control+2');
      await workbench.closeFile();
      await workbench.focus();
      await workbench.closeFile();
    },
  },
  {
    name: 'nothing was complained about on the way',
    async run(workbench) {
      assert.deepEqual(await workbench.page.locator('.notification-list-item-message').allInnerTexts(), []);
    },
  },
];
