/** Checkpoints from a hub: type a name or pick an official one, see what it takes, download it. */

import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { catalogue } from '../../../models/hub/catalogue.ts';
import { type Fit, judgeFit, needsOf } from '../../../models/hub/fit.ts';
import type { HubRepository } from '../../../models/hub/repository.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ServerQuestion } from '../../components/ServerQuestion.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatBytes, formatCompact, formatCount } from '../../format.ts';
import { useLab } from '../lab.ts';
import { DownloadBox } from './DownloadBox.tsx';

export function HubBrowser(props: { disabled: boolean }) {
  const { hub } = useLab();
  const [typed, setTyped] = createSignal('');
  const nameId = createUniqueId();
  const tokenId = createUniqueId();
  const lookUp = (name: string): void => {
    setTyped(name);
    void hub.lookUp(name);
  };
  return (
    <details class="sources" onToggle={(event) => event.currentTarget.open && void hub.refresh()}>
      <summary>From a model hub</summary>
      <div class="stack">
        <ServerQuestion choice={hub.server} what="models" />
        <Show when={!hub.server.asking()}>
          <form
            class="inline"
            onSubmit={(event) => {
              event.preventDefault();
              lookUp(typed());
            }}
          >
            <label for={nameId}>Repository</label>
            <input
              id={nameId}
              type="text"
              placeholder="owner/name"
              value={typed()}
              spellcheck={false}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <button type="submit" disabled={props.disabled || hub.state.looking || typed().trim() === ''}>
              {hub.state.looking ? 'Looking …' : 'Look up'}
            </button>
          </form>
          <p class="soft small">
            Asked at {hub.server.address()}. Files come from there to this browser and stay in it; nothing is sent but
            the request.
          </p>
          <Show when={hub.state.needsToken}>
            <div class="inline">
              <label for={tokenId}>Access token</label>
              <input
                id={tokenId}
                type="password"
                autocomplete="off"
                onInput={(event) => hub.setToken(event.currentTarget.value)}
              />
              <span class="soft small">Kept in memory only, until the page is closed.</span>
            </div>
          </Show>
          <Show when={hub.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show when={hub.state.found}>{(found) => <FoundRepository found={found()} disabled={props.disabled} />}</Show>
          <DownloadBox disabled={props.disabled} />
          <Catalogue
            caption={
              hub.server.clicked()
                ? `Names and facts of official checkpoints. What ${hub.server.address()} has under these names may be something else.`
                : 'Official checkpoints. What could not be verified is left out.'
            }
            disabled={props.disabled || hub.state.looking}
            onPick={lookUp}
          />
        </Show>
      </div>
    </details>
  );
}

/** What the hub says about a repository, and whether it fits this device. */
function FoundRepository(props: { found: HubRepository; disabled: boolean }) {
  const { hub, model } = useLab();
  const parameters = () => props.found.parameters ?? (props.found.totalBytes ?? 0) / 4;
  const needs = () => needsOf(props.found.totalBytes ?? 0, parameters(), model.state.precision);
  const fitHere = (): Fit | undefined => {
    const { device } = hub.state;
    const { totalBytes } = props.found;
    return device && totalBytes !== undefined ? judgeFit(needs(), device) : undefined;
  };
  return (
    <div class="series" data-testid="found">
      <h4>{props.found.repo}</h4>
      <dl class="facts small">
        <dt>Files</dt>
        <dd>{props.found.files.map(({ path }) => path).join(', ')}</dd>
        <dt>Download</dt>
        <dd>{props.found.totalBytes === undefined ? 'size unknown' : formatBytes(props.found.totalBytes)}</dd>
        <Show when={props.found.parameters}>
          {(count) => (
            <>
              <dt>Parameters</dt>
              <dd>{formatCount(count())}</dd>
            </>
          )}
        </Show>
        <Show when={props.found.totalBytes}>
          <dt>Memory</dt>
          <dd>
            about {formatBytes(needs().weightBytes)} in use, {formatBytes(needs().memoryBytes)} while it is opened
          </dd>
        </Show>
        <dt>Licence</dt>
        <dd>{props.found.licence ?? 'not stated'}</dd>
        <dt>This device</dt>
        <dd>{deviceSentence(hub.state.device?.storageBytes, hub.state.device?.gpuBufferBytes)}</dd>
      </dl>
      <Show when={fitHere()}>
        {(judged) => (
          <Show when={judged().reasons.length > 0} fallback={<p class="small">It fits this device.</p>}>
            <ul class="note warn small">
              <For each={judged().reasons}>{(reason) => <li>{reason}</li>}</For>
            </ul>
          </Show>
        )}
      </Show>
      <button
        type="button"
        disabled={props.disabled || hub.state.download?.status === 'running'}
        onClick={() => void hub.download(props.found).then((kept) => kept && model.openKept(() => hub.open(kept.id)))}
      >
        Download and use
      </button>
    </div>
  );
}

function deviceSentence(storageBytes: number | undefined, gpuBufferBytes: number | undefined): string {
  const storage = storageBytes === undefined ? 'storage unknown' : `${formatBytes(storageBytes)} of storage`;
  const gpu = gpuBufferBytes === undefined ? 'no GPU' : `GPU buffers up to ${formatBytes(gpuBufferBytes)}`;
  return `${storage}, ${gpu}`;
}

function Catalogue(props: { caption: string; disabled: boolean; onPick: (repository: string) => void }) {
  return (
    <TableBox caption={props.caption} tall>
      <thead>
        <tr>
          <th>Checkpoint</th>
          <th>Parameters</th>
          <th>Float32</th>
          <th>Context</th>
          <th>Horizon</th>
          <th>Licence</th>
          <th>Released</th>
          <th>Trained until</th>
        </tr>
      </thead>
      <tbody>
        <For each={catalogue}>
          {(entry) => (
            <tr>
              <th scope="row">
                <button
                  type="button"
                  class="quiet"
                  disabled={props.disabled}
                  title={`${entry.repository}, ${entry.paper}`}
                  onClick={() => props.onPick(entry.repository)}
                >
                  {entry.title}
                </button>
              </th>
              <td>{formatCompact(entry.parameters)}</td>
              <td>{formatBytes(4 * entry.parameters)}</td>
              <td>{entry.contextLength === undefined ? 'any' : formatCount(entry.contextLength)}</td>
              <td>{entry.horizon === undefined ? 'any' : formatCount(entry.horizon)}</td>
              <td>{entry.licence ?? '–'}</td>
              <td>{entry.released ?? '–'}</td>
              <td>{entry.trainedUntil ?? '–'}</td>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}
