/** The download that runs, with what it waits for, or how the last one ended. */

import { Show } from 'solid-js';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { formatBytes, formatDuration } from '../../format.ts';
import { useLab } from '../lab.ts';
import type { DownloadState } from './hub.ts';

export function DownloadBox(props: { disabled: boolean }) {
  const { hub, model } = useLab();
  const resume = async (download: DownloadState): Promise<void> => {
    const kept = await hub.download(download.repository);
    if (kept) await model.openKept(() => hub.open(kept.id));
  };
  return (
    <Show when={hub.state.download}>
      {(download) => (
        <div class="progress" data-testid="download">
          <p role="status">{stageOf(download())}</p>
          <progress value={shareOf(download())} max="1" aria-label={stageOf(download())} />
          <p class="soft small">{amountOf(download())}</p>
          <Show when={download().problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <div class="inline">
            <Show
              when={download().status === 'running'}
              fallback={
                <button type="button" disabled={props.disabled} onClick={() => void resume(download())}>
                  Resume
                </button>
              }
            >
              <button type="button" onClick={() => hub.pause()}>
                Pause
              </button>
            </Show>
          </div>
        </div>
      )}
    </Show>
  );
}

function stageOf({ repository, status, progress }: DownloadState): string {
  if (status === 'paused') return `The download of ${repository.repo} is paused.`;
  if (status === 'failed') return `The download of ${repository.repo} stopped.`;
  if (progress?.stage === 'verifying') return `Checking ${progress.path} …`;
  if (progress?.stage === 'waiting') {
    return `Trying again in ${formatDuration((progress.waitMs ?? 0) / 1000)}: ${progress.reason ?? ''}.`;
  }
  return `Downloading ${progress?.path ?? repository.repo} …`;
}

function shareOf({ progress }: DownloadState): number {
  return progress?.total ? Math.min(1, progress.received / progress.total) : 0;
}

function amountOf({ progress }: DownloadState): string {
  if (!progress) return '';
  const received = formatBytes(progress.received);
  return progress.total === undefined ? received : `${received} of ${formatBytes(progress.total)}`;
}
