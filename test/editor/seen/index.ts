/** What a user sees, each from opening a file to what is then on the screen. */
import type { Workbench } from './workbench.ts';

export interface Check {
  name: string;
  run(workbench: Workbench): Promise<void>;
}

export const checks: Check[] = [
  {
    name: 'the example opens with its numbers',
    async run(workbench) {
      await workbench.openFile('shop.journey');
      await workbench.lenses.first().waitFor();
    },
  },
];
