import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/core/errors.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { floatValues, readSafetensors, writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import type { CheckpointFile, CheckpointFolder } from '../../../src/models/types.ts';
import { tensorsFile } from '../../support/rawSafetensors.ts';
import { smallConfig, smallTtm } from '../../support/smallTtm.ts';
import { pickleBytes, text as pickledText, statePickle, torchArchive } from '../../support/torchArchive.ts';

const good = smallTtm();
const tensors = [...readSafetensors(good.weights, 'small').tensors].map(([name, tensor]) => {
  return [name, tensor.shape, floatValues({ bytes: good.weights }, tensor).slice()] as const;
});
const [firstName, firstShape, firstValues] = tensors[0]!;

const text = (value: string) => new TextEncoder().encode(value);
const file = (path: string, data: Uint8Array): CheckpointFile => ({ path, data });
const config = (changes: object) => JSON.stringify({ ...smallConfig, ...changes });
const index = (map: Readonly<Record<string, string>>) =>
  file('model.safetensors.index.json', text(JSON.stringify({ metadata: {}, weight_map: map })));

/** The good checkpoint with one thing changed. */
function folder(changes: Partial<CheckpointFolder>): CheckpointFolder {
  return { name: 'small', configJson: good.configJson, files: [file('model.safetensors', good.weights)], ...changes };
}

function weights(data: Uint8Array, path = 'model.safetensors'): CheckpointFolder {
  return folder({ files: [file(path, data)] });
}

/** The good tensors, each in one of two files, and the index. */
function shards(): { map: Record<string, string>; files: CheckpointFile[] } {
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const map = Object.fromEntries(tensors.map(([name], i) => [name, names[i % 2]!]));
  const files = names.map((path, part) => file(path, writeSafetensors(tensors.filter((_, i) => i % 2 === part))));
  return { map, files };
}

describe('a checkpoint in shards', () => {
  it('has the tensors of the whole one, whatever the order of its files', async () => {
    const { map, files } = shards();
    const model = await openCheckpoint(folder({ files: [files[1]!, index(map), files[0]!] }));
    const plain = await openCheckpoint(good);
    for (const [name, , values] of tensors) expect(model.weights.values(name)).toEqual(values);
    expect(model.card.parameters).toBe(plain.card.parameters);
    const other = await openCheckpoint(folder({ files: [...files, index(map)] }));
    expect(other.card.weightsSha256).toBe(model.card.weightsSha256);
  });
});

describe('weights as whole numbers', () => {
  it('are multiplied by the scale of their row', async () => {
    const rows = firstShape[0] ?? 1;
    const whole = Int8Array.from(firstValues, (_, i) => (i % 200) - 100);
    const scales = Float32Array.from({ length: rows }, (_, row) => 0.01 * (row + 1));
    const others = tensors.slice(1).map(([name, shape, data]) => [name, { dtype: 'F32', shape, data }] as const);
    const bytes = tensorsFile({
      ...Object.fromEntries(others),
      [`${firstName}_scale`]: { dtype: 'F32', shape: [rows], data: scales },
      [firstName]: { dtype: 'I8', shape: firstShape, data: whole },
    });
    const model = await openCheckpoint(weights(bytes));
    const perRow = firstValues.length / rows;
    const want = Float32Array.from(whole, (value, i) => value * scales[Math.floor(i / perRow)]!);
    expect(model.weights.values(firstName)).toEqual(want);
    expect(model.card.notes).toBeUndefined();
  });
});

describe('a checkpoint that cannot be used is refused with a code and a sentence', () => {
  const without = (count: number) => writeSafetensors(tensors.slice(count));
  const first = (shape: readonly number[], values: Float32Array) =>
    writeSafetensors([[firstName, shape, values], ...tensors.slice(1)]);
  const typed = (dtype: string, data: ArrayBufferView) =>
    tensorsFile({
      ...Object.fromEntries(tensors.map(([name, shape, own]) => [name, { dtype: 'F32', shape, data: own }])),
      [firstName]: { dtype, shape: firstShape, data },
    });
  const { map, files } = shards();
  const lastName = tensors.at(-1)![0];

  it.each<[string, CheckpointFolder, string, string]>([
    [
      'an unknown architecture',
      folder({ configJson: config({ model_type: 'llama' }) }),
      'checkpoint/unknown-family',
      'The config is of an unknown family ("llama").',
    ],
    [
      'a config without architecture',
      folder({ configJson: '{}' }),
      'checkpoint/unknown-family',
      'The config names no model_type, so the architecture cannot be told.',
    ],
    [
      'a config that is no JSON',
      folder({ configJson: '<html>' }),
      'checkpoint/config',
      'The file is not a JSON object.',
    ],
    [
      'an absurd field',
      folder({ configJson: config({ d_model: -3 }) }),
      'checkpoint/config',
      'The field d_model is -3:',
    ],
    [
      'a field of another type',
      folder({ configJson: config({ num_layers: 'two' }) }),
      'checkpoint/config',
      'The field num_layers is "two":',
    ],
    [
      'missing tensors',
      weights(without(5)),
      'checkpoint/missing-tensor',
      `The weights have no tensor ${firstName}, which the config asks for in shape [${firstShape.join(', ')}]. 4 more are missing: `,
    ],
    [
      'tensors of something else',
      weights(
        writeSafetensors([
          ['a', [1], Float32Array.of(0)],
          ['b', [1], Float32Array.of(0)],
        ]),
      ),
      'checkpoint/missing-tensor',
      'The file has 2 others: a, b.',
    ],
    [
      'a misshapen tensor',
      weights(first([firstValues.length], firstValues)),
      'checkpoint/shape',
      `Tensor ${firstName} has the shape [${firstValues.length}], but the config asks for [${firstShape.join(', ')}].`,
    ],
    [
      'many misshapen tensors',
      weights(writeSafetensors(tensors.map(([name, , values]) => [name, [1, values.length], values]))),
      'checkpoint/shape',
      ` So have ${tensors.length - 1} more: `,
    ],
    [
      'NaN weights',
      weights(
        first(
          firstShape,
          firstValues.map((value, i) => (i === 1 ? Number.NaN : value)),
        ),
      ),
      'checkpoint/not-finite',
      `Tensor ${firstName} holds a value that is not a finite number (element 1).`,
    ],
    [
      'whole numbers without a scale',
      weights(typed('I8', new Int8Array(firstValues.length))),
      'checkpoint/type',
      `Tensor ${firstName} holds whole numbers (I8) without a scale ${firstName}_scale beside it.`,
    ],
    [
      'another type',
      weights(typed('I32', new Int32Array(firstValues.length))),
      'checkpoint/type',
      `Tensor ${firstName} holds I32 values; weights must be floating-point numbers.`,
    ],
    [
      'a truncated file',
      weights(good.weights.subarray(0, -10)),
      'checkpoint/safetensors',
      'The file is cut off: tensor ',
    ],
    ['an empty file', weights(new Uint8Array()), 'checkpoint/safetensors', 'The file has 0 bytes'],
    [
      'a page instead of weights',
      weights(text('<!DOCTYPE html><html><title>Sign in</title></html>')),
      'checkpoint/format',
      'The file is a web page, not weights.',
    ],
    [
      'a pointer of Git LFS',
      weights(text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')),
      'checkpoint/format',
      'The file is a pointer of Git LFS, not the weights themselves.',
    ],
    [
      'a bare pickle',
      weights(Uint8Array.of(0x80, 2, 0x7d, 0x2e), 'pytorch_model.bin'),
      'checkpoint/format',
      'The file is a bare pickle, as PyTorch wrote before 1.6.',
    ],
    [
      'a pickle that wants to run',
      weights(torchArchive(pickleBytes('cos\nsystem\n(', pickledText('ls'), 'tR.')), 'pytorch_model.bin'),
      'checkpoint/pickle',
      'The checkpoint asks for os.system, which is refused: only tensors are read from it.',
    ],
    ['no weights', folder({ files: [] }), 'checkpoint/no-weights', 'There is no weights file.'],
    [
      'two files without an index',
      folder({ files }),
      'checkpoint/no-index',
      'There are 2 weights files and no index that says how they belong together.',
    ],
    [
      'an index without its files',
      folder({ files: [index(map), files[0]!] }),
      'checkpoint/index',
      'Of 2 files, 1 are missing: model-00002-of-00002.safetensors.',
    ],
    [
      'an index that names a tensor elsewhere',
      folder({
        files: [
          index({ ...map, [lastName]: map[lastName] === files[0]!.path ? files[1]!.path : files[0]!.path }),
          ...files,
        ],
      }),
      'checkpoint/index',
      `The index names tensors that are not where it says: ${lastName} in `,
    ],
    [
      'an index that is no index',
      folder({ files: [file('model.safetensors.index.json', text('[]')), ...files] }),
      'checkpoint/index',
      'The index has no weight_map that names a file for each tensor.',
    ],
    [
      'no config, and no family that can be told without one',
      { name: 'small', files: [file('model.safetensors', good.weights)] },
      'checkpoint/no-config',
      'There is no config.json, and the tensors',
    ],
    [
      'a checkpoint of PyTorch without tensors',
      weights(torchArchive(statePickle({})), 'pytorch_model.bin'),
      'checkpoint/torch',
      'The checkpoint holds no tensors by name.',
    ],
  ])('%s', async (_, source, code, sentence) => {
    const problem = toProblem(await openCheckpoint(source).catch((caught: unknown) => caught));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(sentence);
    expect(problem.where).toContain('small');
    if (!problem.code.startsWith('checkpoint/config')) expect(problem.hint).toBeTruthy();
  });
});
