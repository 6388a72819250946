/** A study that is to be run as it was: of the link the page was opened with, or of an earlier run. How what is loaded differs from it. */

import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import { hashGrid } from '../../../core/hashGrid.ts';
import type { Grid } from '../../../core/types.ts';
import type { ModelCard, Precision } from '../../../models/types.ts';
import { DIGEST_LENGTH, linkDifferences, linkQuery, type Named, type RunLink, readLink } from '../../../runs/link.ts';
import type { RunManifest } from '../../../runs/runManifest.ts';
import { type SettingId, settingSpecs } from '../../../runs/settings.ts';
import { routeOf } from '../../routes.ts';
import { embeddedCheckpoints } from '../model/checkpointFiles.ts';
import type { FieldValue } from '../settings/settings.ts';

export interface OpenedStudy {
  readonly origin: 'link' | 'run';
  readonly link: RunLink;
}

export interface StudyTarget {
  readonly edit: (id: SettingId, value: FieldValue) => void;
  readonly openModel: (name: string | undefined, precision: Precision) => Promise<void>;
  readonly grids: Accessor<readonly Grid[]>;
  readonly card: Accessor<ModelCard | undefined>;
}

/** Opens the page's link, if there is one. */
export function createOpenedStudy({ edit, openModel, grids, card }: StudyTarget) {
  const linked = openedLink();
  const [study, setStudy] = createSignal<OpenedStudy | undefined>(linked && { origin: 'link', link: linked });
  for (const id of linked?.named ?? []) edit(id, linked?.settings[id] ?? null);
  const [differences, setDifferences] = createSignal<readonly string[]>();
  createEffect(
    on([study, grids, card], async ([opened, nowGrids, nowCard]) => {
      setDifferences(undefined);
      if (!opened) return;
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
      if (study() === opened && nowGrids === grids() && nowCard === card())
        setDifferences(linkDifferences(opened.link, { model, data }));
    }),
  );

  return {
    study,
    /** Sentences on what is not as in the study; empty where all is the same, undefined while that is being found out. */
    differences,
    /** Whether a setting is the study's, to be left as it is when other quotes are loaded. */
    names: (id: SettingId): boolean => study()?.link.named.has(id) ?? false,
    /** The embedded checkpoint of the link; undefined where it is none, or there is no link. */
    embeddedModel: embeddedNamed(linked?.model?.name),
    /** Sets everything as in an earlier run, and opens its model if it came with the page. */
    open: async (manifest: RunManifest): Promise<void> => {
      const link = readLink(linkQuery(manifest));
      if (!link) return;
      const all = settingSpecs.map(([id]) => id);
      for (const id of all) edit(id, link.settings[id]);
      setStudy({ origin: 'run', link: { ...link, named: new Set(all) } });
      const { name, weightsSha256, precision = 'f32' } = manifest.model;
      const same = card()?.weightsSha256 === weightsSha256 && (card()?.precision ?? 'f32') === precision;
      if (!same && embeddedNamed(name)) await openModel(name, precision);
    },
    close: (): void => void setStudy(undefined),
  };
}

function embeddedNamed(name: string | undefined): string | undefined {
  return embeddedCheckpoints.find((each) => each.name === name)?.name;
}

/** Run that the address of the page names, if it names one. */
function openedLink(): RunLink | undefined {
  const route = routeOf(location.hash);
  return route.page === 'lab' ? readLink(route.query) : undefined;
}
