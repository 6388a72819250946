/** What was found wrong with quotes: each kind with its count, what was done about it, and examples on demand. */

import { For, Show } from 'solid-js';
import { policyOptions } from '../../quotes/findings.ts';
import type { Finding } from '../../quotes/types.ts';
import { formatCount } from '../format.ts';

const labels: ReadonlyMap<string, string> = new Map(policyOptions.map(({ kind, label }) => [kind, label]));

/** "12 locked quotes (bid equals ask), 40 gaps" */
export function summariseFindings(findings: readonly Finding[]): string {
  return findings.map(({ count, kind }) => `${formatCount(count)} ${labels.get(kind)}`).join(', ');
}

export function FindingItem(props: { finding: Finding }) {
  return (
    <li>
      {formatCount(props.finding.count)} {labels.get(props.finding.kind)}: {props.finding.policy}
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
