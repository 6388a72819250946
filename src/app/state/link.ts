/** The study that the page was opened with by a link: what it sets, and how what is loaded differs from it. */

import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import type { Grid } from '../../core/types.ts';
import type { ModelCard } from '../../models/types.ts';
import { DIGEST_LENGTH, linkDifferences, type Named, readLink, type StudyLink } from '../../studies/link.ts';
import { hashGrid } from '../../studies/manifest.ts';
import { routeOf } from '../routes.ts';

/** Of the address the page was opened with. */
export function openedLink(): StudyLink | undefined {
  const route = routeOf(location.hash);
  return route.page === 'lab' ? readLink(route.query) : undefined;
}

/** Sentences on what differs from the link; empty where all is the same, undefined while that is being found out. */
export function createLinkDifferences(
  link: StudyLink,
  grids: Accessor<readonly Grid[]>,
  card: Accessor<ModelCard | undefined>,
): Accessor<readonly string[] | undefined> {
  const [differences, setDifferences] = createSignal<readonly string[]>();
  createEffect(
    on([grids, card], async ([nowGrids, nowCard]) => {
      setDifferences(undefined);
      const model: Named | undefined = nowCard && {
        name: nowCard.name,
        digest: nowCard.weightsSha256.slice(0, DIGEST_LENGTH),
      };
      const data = await Promise.all(
        nowGrids.map(async (grid) => ({
          name: grid.symbol,
          digest: (await hashGrid(grid)).slice(0, DIGEST_LENGTH),
        })),
      );
      // What was loaded in the meantime asks for itself.
      if (nowGrids === grids() && nowCard === card()) setDifferences(linkDifferences(link, { model, data }));
    }),
  );
  return differences;
}
