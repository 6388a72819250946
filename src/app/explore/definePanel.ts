/** What the page has of a figure: its address, its words, and how it is shown. */

import type { JSX } from 'solid-js';
import type { FigureKind } from '../../studies/figures/index.ts';
import type { StudyResults } from '../../studies/figures/results.ts';

export interface FigurePanel<Kind extends FigureKind, Address extends string> {
  readonly kind: Kind;
  /** `#explore/ADDRESS` */
  readonly address: Address;
  /** In the menu. */
  readonly title: string;
  /** What the figure answers: its heading. */
  readonly question: string;
  /** Loaded when it is opened, or asked for ahead of that. */
  readonly View: PanelView & { readonly preload: () => Promise<{ default: PanelView }> };
}

type PanelView = (props: { results: StudyResults }) => JSX.Element;

export function definePanel<const Kind extends FigureKind, const Address extends string>(
  panel: FigurePanel<Kind, Address>,
): FigurePanel<Kind, Address> {
  return panel;
}
