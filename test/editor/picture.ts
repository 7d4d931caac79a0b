/**
 * Makes docs/images/editor.png, the picture of the README: the shop example in a real VS Code.
 *
 * usage: node test/editor/picture.ts
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { findChromium, howToGetChromium, launchChromium } from './host/browser.ts';
import { ensureCode, root } from './host/code.ts';
import { startRemote } from './host/server.ts';
import { setStage } from './host/stage.ts';
import { Workbench } from './seen/workbench.ts';

const chromium = findChromium();
if (!chromium) throw new Error(`a Chromium is needed: ${howToGetChromium}`);
const code = await ensureCode(console.log);
const stage = await setStage();
const browser = await launchChromium(chromium);
const served = await startRemote({ code, home: stage.home, vsix: stage.vsix, log: path.join(stage.home, 'server.log') });
try {
  const folder = path.join(root, 'examples/shop');
  const workbench = await Workbench.open(browser, `${served.url}?folder=${folder}`, { width: 1250, height: 860, scale: 1.5 });
  await workbench.openFile('shop.journey');
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.status(/events · as of/);
  await workbench.find('metric   slowest');
  await workbench.lens(/entered/);
  await workbench.find('open ');
  await workbench.page.keyboard.press('Home');
  await workbench.hint('enter    Organic', /attempts/);
  // No line at the top that only repeats where one is.
  const sticky = workbench.page.locator('.editor-instance .sticky-widget');
  for (let lines = 0; lines < 12 && ((await sticky.boundingBox())?.height ?? 0) > 0; lines++) {
    await workbench.page.keyboard.press('Control+ArrowDown');
    await workbench.page.waitForTimeout(200);
  }
  const hover = await workbench.hover('journey Onboarding', 'Onboarding');
  await hover.locator('img').first().waitFor();
  await workbench.page.waitForTimeout(500);
  const file = path.join(root, 'docs/images/editor.png');
  await mkdir(path.dirname(file), { recursive: true });
  await workbench.page.screenshot({ path: file });
  console.log(path.relative(root, file));
} finally {
  await browser.close();
  await served.stop();
  await stage.strike();
}
