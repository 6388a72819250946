/** Step 4: risk and return, the frontier, the capital market line and the CAPM. */

import { createMemo } from 'solid-js';
import { correlatedAssets } from '../../../analysis/lessons/risk.ts';
import { theoryOf } from '../../../analysis/theory.ts';
import { FrontierPlane } from '../../charts/FrontierPlane.tsx';
import { formatFixed2, formatPercent } from '../../format.ts';
import { type Lesson, seedControl } from '../lesson.ts';

const assets = [
  { name: 'Calm', meanBps: 3, sigmaBps: 60 },
  { name: 'Middling', meanBps: 5, sigmaBps: 100 },
  { name: 'Lively', meanBps: 8, sigmaBps: 160 },
];
const RISK_FREE = 1.98e-4;

export const frontierLesson: Lesson = {
  id: 'frontier',
  title: 'Risk, return, and the best mixture',
  controls: [
    { id: 'correlation', label: 'Correlation', unit: '', min: 0, max: 0.95, step: 0.05, start: 0.3 },
    { id: 'days', label: 'Days', unit: 'days', min: 250, max: 5000, step: 250, start: 2500 },
    seedControl,
  ],
  Body: (props) => {
    const theory = createMemo(() => {
      const drawn = correlatedAssets(assets, props.value('correlation'), props.value('days'), props.value('seed'));
      return theoryOf(
        assets.map(({ name }, a) => ({ name, returns: drawn[a] ?? new Float64Array(0) })),
        RISK_FREE,
      );
    });
    const tangency = () => theory().free.tangency;
    const perYear = Math.sqrt(252);
    return (
      <>
        <p>
          Mixing assets that do not move together gives less risk than any of them has. The best mixtures for each mean
          form the <em>efficient frontier</em>. With money that earns the risk-free rate beside them, one mixture beats
          all others: where a line from that rate just touches the frontier. The line is the{' '}
          <em>capital market line</em>, its slope the highest Sharpe ratio there is.
        </p>
        <math
          display="block"
          aria-label="expected return is risk-free rate plus sigma times Sharpe ratio of the tangency portfolio"
        >
          <mrow>
            <mi>E</mi>
            <mo>[</mo>
            <mi>r</mi>
            <mo>]</mo>
            <mo>=</mo>
            <msub>
              <mi>r</mi>
              <mi>f</mi>
            </msub>
            <mo>+</mo>
            <mi>σ</mi>
            <mo>·</mo>
            <mfrac>
              <mrow>
                <mi>E</mi>
                <mo>[</mo>
                <msub>
                  <mi>r</mi>
                  <mi>T</mi>
                </msub>
                <mo>]</mo>
                <mo>−</mo>
                <msub>
                  <mi>r</mi>
                  <mi>f</mi>
                </msub>
              </mrow>
              <msub>
                <mi>σ</mi>
                <mi>T</mi>
              </msub>
            </mfrac>
          </mrow>
        </math>
        <FrontierPlane theory={theory()} riskFree={RISK_FREE} each="a day" />
        <p class="readout">
          Best mixture: Sharpe ratio {formatFixed2((tangency()?.sharpe ?? Number.NaN) * perYear)} a year;{' '}
          {theory()
            .rows.map(({ name, weights }) => `${name} ${formatPercent(weights.free ?? Number.NaN)}`)
            .join(', ')}
          .
        </p>
        <p class="soft">
          Of an asset’s risk only the part that moves with the market is paid for (the CAPM): the rest can be mixed
          away. The paper asks the same of strategies: which part of <em>their</em> risk is paid for?
        </p>
      </>
    );
  },
  question: {
    ask: 'Correlation goes up while means and risks stay. What happens to the best Sharpe ratio?',
    answers: [
      { text: 'It rises', why: 'Try it: with more correlation there is less to mix away.' },
      { text: 'It falls', right: true, why: 'What moves together cannot cancel, so the same return costs more risk.' },
      {
        text: 'Nothing, means and risks are the same',
        why: 'A mixture’s risk depends on how its parts move together.',
      },
    ],
  },
};
