/**
 * A page or panel that stands or falls by itself: while its code comes, a word of that; where it fails, what is wrong, another try, and a way back to
 * the page as its server has it. What stands around it is not affected.
 */

import { ErrorBoundary, type JSX, Suspense } from 'solid-js';
import { loadAnew } from '../../../workers/offline/client.ts';
import { toProblem } from '../../core/errors.ts';
import { ProblemNote } from './ProblemNote.tsx';

/** @param props.opening what is shown until it is there; nothing where absent */
export function Part(props: { name: string; opening?: JSX.Element; children: JSX.Element }) {
  return (
    <ErrorBoundary
      fallback={(caught: unknown, reset) => (
        <ProblemNote problem={{ ...toProblem(caught), where: props.name }}>
          <div class="inline">
            <button type="button" onClick={reset}>
              Try again
            </button>
            <button type="button" onClick={() => void loadAnew()}>
              Load the page anew (what is kept on this device stays)
            </button>
          </div>
        </ProblemNote>
      )}
    >
      <Suspense fallback={props.opening}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}
