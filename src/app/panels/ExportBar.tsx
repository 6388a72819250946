/** Takes results away: tables as CSV, the whole study as JSON, the plane as a picture. */

import { createSignal, Show } from 'solid-js';
import { toProblem, type UserProblem } from '../../core/errors.ts';
import { analysisJson, configurationsCsv, fitsCsv, intervalsCsv, naiveCsv, studyJson } from '../../studies/exports.ts';
import type { RunAnalysis } from '../../studies/runAnalysis.ts';
import { markerPath } from '../charts/marker.ts';
import type { PlaneModel } from '../charts/planeModel.ts';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { saveAs } from '../export/download.ts';
import { type LegendEntry, svgToPng } from '../export/png.ts';
import { manifestOf } from '../state/manifest.ts';
import type { RunOutcome } from '../state/run.ts';

/** @param props.analysis what the worker found, once it has: then it can be saved too */
export function ExportBar(props: {
  outcome: RunOutcome;
  analysis: RunAnalysis | undefined;
  plane: () => SVGSVGElement | undefined;
  model: PlaneModel;
}) {
  const [problem, setProblem] = createSignal<UserProblem>();
  const save = async (name: string, content: () => Blob | Promise<Blob>): Promise<void> => {
    setProblem(undefined);
    try {
      saveAs(name, await content());
    } catch (caught) {
      setProblem(toProblem(caught));
    }
  };
  const csv = (text: string) => new Blob([text], { type: 'text/csv' });
  const configurations = () => csv(configurationsCsv(props.outcome.result));
  const lines = () => csv(fitsCsv(props.outcome.result));
  const naive = () => csv(naiveCsv(props.outcome.result));
  const study = async () => {
    const manifest = await manifestOf(props.outcome);
    return new Blob([studyJson(manifest, props.outcome.result)], { type: 'application/json' });
  };
  const analysisOf = async (analysis: RunAnalysis) => {
    const manifest = await manifestOf(props.outcome);
    return new Blob([analysisJson(manifest, analysis)], { type: 'application/json' });
  };
  const savePlane = async (): Promise<void> => {
    const svg = props.plane();
    if (svg) await save('pml-plane.png', () => svgToPng(svg, legendOf(props.model)));
  };
  return (
    <div class="stack">
      <fieldset class="inline" aria-label="Save results">
        <button type="button" onClick={() => void save('pml-configurations.csv', configurations)}>
          Save configurations as CSV
        </button>
        <button type="button" onClick={() => void save('pml-lines.csv', lines)}>
          Save lines as CSV
        </button>
        <button type="button" onClick={() => void save('pml-naive.csv', naive)}>
          Save naive forecasts as CSV
        </button>
        <button type="button" onClick={() => void save('pml-study.json', study)}>
          Save study as JSON
        </button>
        <button type="button" onClick={() => void savePlane()}>
          Save plot as PNG
        </button>
        <Show when={props.analysis}>
          {(analysis) => (
            <>
              <button
                type="button"
                onClick={() =>
                  void save('pml-intervals.csv', () => csv(intervalsCsv(analysis().lines, props.outcome.result.period)))
                }
              >
                Save intervals as CSV
              </button>
              <button
                type="button"
                onClick={() =>
                  void save('pml-risks.csv', () => csv(configurationsCsv(props.outcome.result, analysis().risks)))
                }
              >
                Save configurations with intervals as CSV
              </button>
              <button type="button" onClick={() => void save('pml-analysis.json', () => analysisOf(analysis()))}>
                Save analysis as JSON
              </button>
            </>
          )}
        </Show>
      </fieldset>
      <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
    </div>
  );
}

/** Empty where there is but one run: the title of the plot says it then. */
function legendOf({ marker, others = [] }: PlaneModel): LegendEntry[] {
  if (!marker || others.length === 0) return [];
  const style = getComputedStyle(document.documentElement);
  return [{ name: 'this run', marker }, ...others].map((cloud) => ({
    name: cloud.name,
    path: markerPath(cloud.marker.shape, 6, 6, 5),
    colour: style.getPropertyValue(`--cloud-${cloud.marker.colour}`),
  }));
}
