/** Whether the page opens without a network, and the offer of a new version. */

import { Match, Switch } from 'solid-js';
import { offlineState, takeUpdate } from '../../../workers/offline/client.ts';

export function OfflineStatus() {
  return (
    <div role="status">
      <Switch>
        <Match when={offlineState() === 'ready'}>
          This page opens without a network from now on; only the model hub, samples and live quotes need one.
        </Match>
        <Match when={offlineState() === 'update'}>
          A new version of this page is ready.{' '}
          <button type="button" onClick={takeUpdate}>
            Change to it (a run in progress is lost)
          </button>
        </Match>
      </Switch>
    </div>
  );
}
