/** The configuration of the checkpoints of the paper's repository, whose arguments stand in the scripts that run it. */

import type { Answers, InferredConfig } from '../../checkpoints/inferredConfig.ts';
import type { Shapes } from '../../checkpoints/shapes.ts';

/** The default argument of the official scripts. */
const USUAL_HEADS = 8;
const OFFERED_HEADS = [2, 4, 8, 16, 32];

/** Everything but the number of heads is in the shapes; how attention is split leaves no trace in them. */
export function inferTimerRepository(shapes: Shapes, answers: Answers): InferredConfig | undefined {
  const width = shapes.of('patch_embedding.value_embedding.weight', 0);
  const patch = shapes.of('patch_embedding.value_embedding.weight', 1);
  const hidden = shapes.of('decoder.attn_layers.0.conv1.weight', 0);
  const layers = shapes.layers('decoder.attn_layers');
  const head = shapes.of('proj.weight', 0);
  if (![width, patch, hidden, layers].every((size) => Number.isInteger(size) && size > 0) || head !== patch) {
    return undefined;
  }
  const offered = OFFERED_HEADS.filter((heads) => width % heads === 0);
  const heads = offered.find((each) => String(each) === answers.heads) ?? (width % USUAL_HEADS === 0 ? USUAL_HEADS : 1);
  const config = { model_type: 'timer_repo', patch_len: patch, d_model: width, d_ff: hidden, e_layers: layers };
  return {
    configJson: JSON.stringify({ ...config, n_heads: heads }),
    notes: [
      `The file has no config: ${layers} layers of width ${width}, tokens of ${patch} values were told from its tensors.`,
    ],
    questions: [
      {
        field: 'heads',
        question: 'How many heads has its attention? The tensors do not tell; official ones have 8.',
        options: [...new Set([heads, ...offered])]
          .sort((a, b) => a - b)
          .map((each) => ({ value: String(each), label: String(each) })),
        taken: String(heads),
      },
    ],
  };
}
