/** One file of ../workspace after the other, through VS Code's API. The numbers are counted by hand in the comments. */
import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeActive, completions, file, fixes, hints, hover, lenses, open, placeOf, problems, replace, until } from './editor.ts';

const enter = 'enter Joined on SignedUp where plan != "internal"';

suite('the extension', () => {
  teardown(() => closeActive());

  test('starts with a journey file', async () => {
    const { document } = await open('small.journey');
    assert.equal(document.languageId, 'journey');
    const extension = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === 'journey-vscode')!;
    await until(
      'the extension to be active',
      () => extension.isActive,
      active => active,
    );
  });

  test('puts the numbers on the lines they belong to', async () => {
    const found = await until(
      'numbers',
      async () => hints(await open('small.journey')),
      all => Object.keys(all).length > 0,
    );
    assert.deepEqual(found, {
      // ann, bob and cem join; ann joins once more, after her order: once is the default. dea is internal.
      [enter]: '4 attempts · 3 entered · 1 turned away: 1 once',
      // ann for a day, until her order; bob from 5 January 11:00 to as-of, 20 January 10:00: 14d 23h. Half way: 7d 23h 30m.
      'stage Looking on Viewed': '2 · 66.7% reached · median 8d',
      // ann's order; bob's was for nothing.
      'complete Bought on Ordered': '1 · 33.3%',
      // cem, of whom nothing is heard after 3 January; bob ordered on the 7th, 13 days before as-of.
      'exit Quiet after 14d of silence': '1 · 33.3%',
      'metric activation = rate(Bought)': '33.3% (1 of 3)',
      'expect activation >= 30%': '✓ 33.3% (1 of 3)',
    });
  });

  test('says the headline above the journey', async () => {
    const found = await until(
      'a lens',
      async () => lenses(await open('small.journey')),
      all => all.length > 0,
    );
    // ann took 5 days to her order, cem 14 days to the end of silence: 9 days and a half.
    assert.deepEqual(found, ['3 entered · 1 active · 33.3% completed · median 9d 12h']);
  });

  test('finds nothing wrong where nothing is', async () => {
    const editor = await open('small.journey');
    await until(
      'numbers',
      () => hints(editor),
      all => Object.keys(all).length > 0,
    );
    assert.deepEqual(problems(editor.document.uri), []);
  });

  test('counts anew as the condition is edited', async () => {
    const editor = await open('small.journey');
    await until(
      'numbers',
      () => hints(editor),
      all => enter in all,
    );
    // bob alone has the plan.
    await replace(editor, '!= "internal"', '= "pro"');
    const found = await until(
      'new numbers',
      () => hints(editor),
      all => all['complete Bought on Ordered'] === 'nobody',
    );
    assert.equal(found['enter Joined on SignedUp where plan = "pro"'], '1 attempt · 1 entered');
  });

  test('keeps the older numbers while the text is broken, and says so', async () => {
    const editor = await open('small.journey');
    await until(
      'numbers',
      () => hints(editor),
      all => enter in all,
    );
    await replace(editor, 'where', 'wehre');
    await until(
      'an error',
      () => problems(editor.document.uri),
      all => all.length > 0,
    );
    const stale = await until(
      'the stale mark',
      () => hints(editor),
      all => /…$/.test(all['complete Bought on Ordered']),
    );
    assert.match(stale['complete Bought on Ordered'], /^1 · 33\.3%/);
    await replace(editor, 'wehre', 'where');
    const fresh = await until(
      'fresh numbers',
      () => hints(editor),
      all => all['complete Bought on Ordered'] === '1 · 33.3%',
    );
    assert.match(fresh[enter], /^4 attempts/);
    assert.deepEqual(problems(editor.document.uri), []);
  });

  test('explains a syntax error in a sentence', async () => {
    const editor = await open('small.journey');
    await replace(editor, 'where', 'wehre');
    const [problem, ...more] = await until(
      'an error',
      () => problems(editor.document.uri),
      all => all.length > 0,
    );
    assert.match(problem, /^error syntax .*wehre/);
    assert.deepEqual(more, []);
  });

  test('names the nearest event where one never occurs, and mends it', async () => {
    const editor = await open('typo.journey');
    const [problem] = await until(
      'a warning',
      () => problems(editor.document.uri),
      all => all.length > 0,
    );
    assert.match(problem, /^warning event-never-occurs .*sinup.*signup/);
    const [fix] = await until(
      'a fix with an edit',
      async () => (await fixes(editor, placeOf(editor.document, 'sinup'))).filter(({ title, edit }) => edit && /signup/.test(title)),
      all => all.length > 0,
    );
    await vscode.workspace.applyEdit(fix.edit!);
    assert.match(editor.document.getText(), /on web\.signup/);
    await until(
      'the warning to go',
      () => problems(editor.document.uri),
      all => all.length === 0,
    );
    // Every sign-up: ann, bob, cem, dea, and ann again.
    await until(
      'numbers',
      () => hints(editor),
      all => /^5 attempts · 4 entered/.test(all['enter Joined on web.signup']),
    );
  });

  test('fails an expectation with the actual number', async () => {
    const editor = await open('small.journey');
    await replace(editor, '30%', '50%');
    const [problem] = await until(
      'a failed expectation',
      () => problems(editor.document.uri),
      all => all.length > 0,
    );
    assert.match(problem, /33\.3%/);
    await until(
      'its mark',
      () => hints(editor),
      all => all['expect activation >= 50%'] === '✗ 33.3% (1 of 3)',
    );
  });

  test('shows detail and a picture in a hover', async () => {
    const editor = await open('small.journey');
    const at = placeOf(editor.document, 'Small');
    const text = await until(
      'numbers in the hover',
      () => hover(editor, at),
      said => /entered/.test(said),
    );
    assert.match(text, /From joining to the first order/);
    assert.match(text, /data:image\/svg\+xml/);
    assert.match(await hover(editor, placeOf(editor.document, 'Joined')), /turned away/);
  });

  test('completes what fits the place', async () => {
    const editor = await open('small.journey');
    await until(
      'numbers',
      () => hints(editor),
      all => enter in all,
    );
    assert.includeMembers(await completions(editor, placeOf(editor.document, 'Viewed')), ['SignedUp', 'Viewed', 'Ordered']);
    const rules = await completions(editor, placeOf(editor.document, 'stage'));
    assert.includeMembers(rules, ['stage', 'complete', 'exit', 'metric']);
  });

  test('follows what is typed into an imported file', async () => {
    const sources = await open('sources.journey');
    // Orders for nothing count now: bob's too.
    await replace(sources, 'total > 0', 'total >= 0');
    const small = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(file('small.journey')),
      vscode.ViewColumn.Beside,
    );
    await until(
      'two orders',
      () => hints(small),
      all => all['complete Bought on Ordered'] === '2 · 66.7%',
    );
    await closeActive();
    await vscode.window.showTextDocument(sources.document);
    await closeActive();
    await until(
      'one order again',
      async () => hints(await open('small.journey')),
      all => all['complete Bought on Ordered'] === '1 · 33.3%',
    );
  });

  test('says of a damaged data file what is wrong with it', async () => {
    const { document } = await open('binary.journey');
    const [problem] = await until(
      'an error',
      () => problems(document.uri),
      all => all.length > 0,
    );
    assert.match(problem, /^error sample-binary picture\.csv is binary data/);
  });

  test('reads data anew when it is written', async () => {
    const editor = await open('small.journey');
    await until(
      'numbers',
      () => hints(editor),
      all => enter in all,
    );
    const csv = file('visits.csv');
    const before = await vscode.workspace.fs.readFile(csv);
    const more = new TextEncoder().encode('2026-01-20T11:00:00Z,signup,eve,free,\n');
    await vscode.workspace.fs.writeFile(csv, new Uint8Array([...before, ...more]));
    try {
      await until(
        'one more',
        () => hints(editor),
        all => /^5 attempts · 4 entered/.test(all[enter]),
      );
    } finally {
      await vscode.workspace.fs.writeFile(csv, before);
    }
    await until(
      'one less',
      () => hints(editor),
      all => /^4 attempts · 3 entered/.test(all[enter]),
    );
  });

  test('notices an import renamed away and back, and deleted', async () => {
    const editor = await open('importer.journey');
    const here = editor.document.uri;
    await until(
      'numbers',
      () => hints(editor),
      all => Object.keys(all).length > 0,
    );
    assert.deepEqual(problems(here), []);
    await vscode.workspace.fs.rename(file('removed-sources.journey'), file('elsewhere.journey'));
    const [problem] = await until(
      'an error',
      () => problems(here),
      all => all.length > 0,
    );
    assert.match(problem, /removed-sources\.journey/);
    await vscode.workspace.fs.rename(file('elsewhere.journey'), file('removed-sources.journey'));
    await until(
      'no error',
      () => problems(here),
      all => all.length === 0,
    );
    await vscode.workspace.fs.delete(file('removed-sources.journey'));
    await until(
      'an error',
      () => problems(here),
      all => all.length > 0,
    );
  });

  test('says at each rule of an identity what it does, and at few people that they are few', async () => {
    const found = await until(
      'the numbers of the identity',
      async () => hints(await open('people.journey')),
      all => 'identity account {' in all,
    );
    // ann and bob; d1, d2 and d3. Each of the two signed in; ann alone paid: that is fewer than 2, or would give away that bob didn't.
    assert.equal(found['identity account {'], '2 customers of 5 ids');
    assert.equal(found['ignore device = "0"'], '1 value on 2 rows');
    assert.equal(found['enter In on app.login'], '2 attempts · 2 entered');
    assert.match(found['complete Paid on app.pay'], /^(< 2|withheld)$/);
  });

  test('has a switch for the numbers of identities', async () => {
    const editor = await open('people.journey');
    await until(
      'the numbers of the identity',
      () => hints(editor),
      all => 'identity account {' in all,
    );
    const settings = vscode.workspace.getConfiguration('journey.inlayHints');
    await settings.update('identity', false, vscode.ConfigurationTarget.Global);
    try {
      const found = await until(
        'none of them',
        () => hints(editor),
        all => !('identity account {' in all),
      );
      assert.property(found, 'enter In on app.login');
    } finally {
      await settings.update('identity', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('explains a rule of an identity, and why an id is that person', async () => {
    const editor = await open('people.journey');
    const rule = await until(
      'a hover over the rule',
      () => hover(editor, placeOf(editor.document, 'ignore device')),
      said => /1 value on 2 rows/.test(said),
    );
    assert.match(rule, /ignore device/);
    const who = await hover(editor, placeOf(editor.document, '"ann"', 2));
    // d1 was bob's last, so that it is his.
    assert.match(who, /\*\*user ann\*\*.*2 ids of one customer.*device d2.*Refused:.*device d1/s);
  });

  test('names the kind that was meant in a rule of an identity, and mends it', async () => {
    const editor = await open('people.journey');
    await replace(editor, 'ignore device', 'ignore devise');
    await until(
      'an error',
      () => problems(editor.document.uri),
      all => all.some(problem => /^error .*devise.*device/.test(problem)),
    );
    const [fix] = await until(
      'a fix',
      async () => (await fixes(editor, placeOf(editor.document, 'devise'))).filter(({ edit }) => edit),
      all => all.length > 0,
    );
    await vscode.workspace.applyEdit(fix.edit!);
    assert.include(editor.document.getText(), 'ignore device = "0"');
  });

  test('knows identities and privacy in the outline, and folds them', async () => {
    const { document } = await open('people.journey');
    const symbols = await until(
      'an outline',
      () => vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri),
      all => all?.length > 0,
    );
    assert.includeMembers(
      symbols.map(({ name }) => name),
      ['app', 'account', 'Accounts'],
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
    const folded = folds.map(({ start }) => document.lineAt(start).text);
    assert.includeMembers(folded, ['identity account {', 'privacy {']);
  });

  test('completes rules of identities and of privacy', async () => {
    const editor = await open('people.journey');
    await replace(editor, '  ignore device = "0"', '  ');
    const at = placeOf(editor.document, '  never').translate(-1, 2);
    await until(
      'rules of an identity',
      () => completions(editor, at),
      all => ['ignore', 'shared', 'never', 'link'].every(word => all.includes(word)),
    );
    await replace(editor, '  suppress below 2', '  ');
    const below = placeOf(editor.document, 'purpose  service').translate(1, -2).with({ character: 2 });
    await until(
      'rules of privacy',
      () => completions(editor, below),
      all => ['consent', 'erase', 'suppress', 'retain'].every(word => all.includes(word)),
    );
  });

  test('hands out its numbers as JSON', async () => {
    await open('small.journey');
    const shown = await until(
      'the JSON document',
      async () => {
        await vscode.commands.executeCommand('journey.showNumbers');
        return vscode.window.activeTextEditor!.document;
      },
      document => document.languageId === 'json',
    );
    const { journeys, people } = JSON.parse(shown.getText());
    assert.equal(people, 4);
    assert.deepInclude(journeys[0], { name: 'Small', attempts: 4, entered: 3, active: 1 });
  });
});
