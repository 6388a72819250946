/** A table that may be wider than the page: its caption stays in sight while the table scrolls, by keyboard too. It can be saved as it is shown. */

import { createUniqueId, type JSX, Show } from 'solid-js';
import { tableCsv } from '../../export/csv.ts';
import { fileName } from '../export/plots.ts';
import { blobs, createSaving } from '../export/saving.ts';
import { ProblemNote } from './ProblemNote.tsx';

export function TableBox(props: { caption: JSX.Element; tall?: boolean; testId?: string; children: JSX.Element }) {
  const id = createUniqueId();
  let table!: HTMLTableElement;
  let caption!: HTMLParagraphElement;
  const { problem, save } = createSaving();
  const csv = () =>
    save(`${fileName(caption.innerText)}.csv`, async () => {
      const { tableOf } = await import('../export/tables.ts');
      return blobs.csv(tableCsv(tableOf(table)));
    });
  return (
    <div class="stack tight">
      <div class="table-head">
        <p id={id} ref={caption} class="soft small">
          {props.caption}
        </p>
        <div class="save-row">
          <button type="button" aria-describedby={id} aria-label="Save table as CSV" onClick={() => void csv()}>
            CSV
          </button>
        </div>
      </div>
      <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
      <section class="scroll" classList={{ tall: props.tall ?? false }} aria-labelledby={id} tabindex="0">
        <table ref={table} aria-labelledby={id} data-testid={props.testId}>
          {props.children}
        </table>
      </section>
    </div>
  );
}
