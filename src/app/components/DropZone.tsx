/** Where files go: a button to choose them, and a place that lights up under files being dragged (`listenForDrops` takes them). */

import { createSignal, createUniqueId } from 'solid-js';
import type { DroppedFile } from '../lab/data/droppedFiles.ts';

export function DropZone(props: {
  label: string;
  hint: string;
  disabled?: boolean;
  onFiles: (files: readonly DroppedFile[]) => void;
}) {
  const [over, setOver] = createSignal(false);
  const hintId = createUniqueId();
  let input!: HTMLInputElement;

  const choose = (): void => {
    const files = [...(input.files ?? [])].map((file) => ({ path: file.name, file }));
    input.value = ''; // Choosing the same files again must count as a choice.
    if (files.length > 0) props.onFiles(files);
  };

  return (
    <fieldset
      class="drop"
      classList={{ over: over() }}
      aria-label={props.label}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
    >
      <button type="button" disabled={props.disabled ?? false} aria-describedby={hintId} onClick={() => input.click()}>
        {props.label}
      </button>
      <p id={hintId} class="soft">
        {props.hint}
      </p>
      <input ref={input} type="file" multiple hidden onChange={choose} />
    </fieldset>
  );
}
