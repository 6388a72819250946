/** What was found wrong with quotes: each kind with its count, what was done about it, and examples on demand. */

import { For, Show } from 'solid-js';
import { policyOptions } from '../../../quotes/cleaning/findings.ts';
import type { Finding } from '../../../quotes/types.ts';
import { formatCount } from '../../format.ts';

const labels: ReadonlyMap<string, string> = new Map(policyOptions.map(({ kind, label }) => [kind, label]));

/** "locked quotes (bid equals ask): 12, gaps: 40" */
export function summariseFindings(findings: readonly Finding[]): string {
  return findings.map(({ count, kind }) => `${labels.get(kind)}: ${formatCount(count)}`).join(', ');
}

export function FindingItem(props: { finding: Finding }) {
  return (
    <li>
      <strong class="sentence">{labels.get(props.finding.kind)}</strong>: {formatCount(props.finding.count)}.{' '}
      {props.finding.policy}
      <Show when={props.finding.examples.length > 0}>
        <details>
          <summary>Examples</summary>
          <ul class="plain">
            <For each={props.finding.examples}>
              {(example) => (
                <li>
                  row {formatCount(example.row)}: <code>{example.text}</code>
                </li>
              )}
            </For>
          </ul>
        </details>
      </Show>
    </li>
  );
}
