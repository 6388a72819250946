/** A look at all of a figure's values before it is shown or kept: JSON would write a NaN or an infinity as null, which reads "there is none". */

import { UserError } from '../../core/errors.ts';

/** @throws UserError `study/figure-not-finite` that names figure, model and field of the first value that is no finite number */
export function checkFigure(figure: { readonly kind: string }): void {
  for (const { field, model, value } of numbersOf(figure, '', undefined)) {
    if (Number.isFinite(value)) continue;
    throw new UserError({
      code: 'study/figure-not-finite',
      message: `A value of the figure "${figure.kind}"${model === undefined ? '' : ` for ${model}`} is ${value}, which is no finite number.`,
      hint: 'Prices, costs or sizes may be too large to compute with: look at the quotes and settings of the study. All of its forecasts are kept.',
      where: `${figure.kind}, ${field}`,
    });
  }
}

interface NumberInFigure {
  /** Path, for instance `curves[0].correlations[3].low`. */
  readonly field: string;
  /** Named by the innermost object around it that names one. */
  readonly model: string | undefined;
  readonly value: number;
}

function* numbersOf(value: unknown, field: string, model: string | undefined): Generator<NumberInFigure> {
  if (typeof value === 'number') yield { field, model, value };
  if (typeof value !== 'object' || value === null) return;
  const own = 'model' in value && typeof value.model === 'string' ? value.model : model;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    yield* numbersOf(inner, isList ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`, own);
  }
}
