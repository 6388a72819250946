/** Asks whether the server that a link names may be used, or says that it may not; nothing where the link names none. */

import { Match, Switch } from 'solid-js';
import type { ServerChoice } from '../serverChoice.ts';

/** @param props.what the server is asked for, for people: "models" */
export function ServerQuestion(props: { choice: ServerChoice; what: string }) {
  return (
    <Switch>
      <Match when={props.choice.refused}>
        <p class="note warn" data-testid="server-refused">
          The link that opened this page names <code>{props.choice.named}</code> for {props.what}. That is none of the
          servers this page may reach: nothing is asked of it, {props.choice.official} is used.
        </p>
      </Match>
      <Match when={props.choice.asking()}>
        <fieldset class="note warn stack tight">
          <legend>Another server</legend>
          <p>
            The link that opened this page names <code>{props.choice.named}</code> for {props.what}. What comes from
            there is not what {props.choice.official} has, whatever it is called. Nothing has been asked of it yet.
          </p>
          <div class="inline">
            <button type="button" onClick={() => props.choice.decline()}>
              Use {props.choice.official}
            </button>
            <button type="button" onClick={() => props.choice.agree()}>
              Use {props.choice.named}
            </button>
          </div>
        </fieldset>
      </Match>
    </Switch>
  );
}
