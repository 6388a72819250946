import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { floatValues, readSafetensors, writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { rawSafetensors, tensorsFile } from '../../support/rawSafetensors.ts';

/** Values of a single tensor of a type. */
function valuesOf(dtype: string, data: ArrayBufferView, count: number, padding = 0): number[] {
  const file = readSafetensors(tensorsFile({ x: { dtype, shape: [count], data } }, padding), 'file');
  return [...floatValues(file, file.tensors.get('x')!)];
}

/** The sentence a broken file is refused with. */
function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes, 'model.safetensors');
  } catch (caught) {
    if (caught instanceof UserError && caught.problem.code === 'checkpoint/safetensors') return caught.message;
    throw caught;
  }
  throw new Error('the file was accepted');
}

describe('reading what was written', () => {
  const anyTensor = fc.record({
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    values: fc.float32Array({ minLength: 64, maxLength: 64 }),
  });

  it('gives the same names in the same order, shapes, bits and metadata', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-zé.]{1,12}$/), anyTensor),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()),
        (tensors, metadata) => {
          const list = Object.entries(tensors).map(([name, { shape, values }]) => {
            return [
              name,
              shape,
              values.subarray(
                0,
                shape.reduce((size, length) => size * length, 1),
              ),
            ] as const;
          });
          const file = readSafetensors(writeSafetensors(list, metadata), 'file');
          expect(file.metadata).toEqual({ ...metadata });
          expect([...file.tensors.keys()]).toEqual(list.map(([name]) => name));
          for (const [name, shape, values] of list) {
            const stored = file.tensors.get(name)!;
            expect(stored.shape).toEqual(shape);
            expect(stored.byteOffset % 4).toBe(0);
            expect(floatValues(file, stored)).toEqual(values);
          }
        },
      ),
    );
  });
});

describe('float types', () => {
  it('reads float16: normal, subnormal, signed zero, infinities, NaN', () => {
    const halves = [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x0000, 0x8000, 0x7c00, 0xfc00, 0x7e00];
    const want = [1, -2, 0.333251953125, 65504, 2 ** -14, 2 ** -24, -1023 * 2 ** -24, 0, -0];
    const values = valuesOf('F16', Uint16Array.from(halves), halves.length);
    expect(values).toEqual([...want, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('reads bfloat16 as the upper half of a float32', () => {
    const halves = [0x3f80, 0xc000, 0x3eab, 0x7f7f, 0x0001, 0x8000, 0x7f80, 0xff80, 0x7fc0];
    const want = [1, -2, 0.333984375, (2 - 2 ** -7) * 2 ** 127, 2 ** -133, -0];
    const values = valuesOf('BF16', Uint16Array.from(halves), halves.length);
    expect(values).toEqual([...want, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('rounds float64 to float32', () => {
    const values = [Math.PI, 1e-40, -1e300, Number.NEGATIVE_INFINITY, Number.NaN];
    expect(valuesOf('F64', Float64Array.from(values), values.length)).toEqual(values.map(Math.fround));
  });

  it('does not need the data to be aligned', () => {
    for (let padding = 0; padding < 8; padding++) {
      expect(valuesOf('F64', Float64Array.of(0.5, -3), 2, padding)).toEqual([0.5, -3]);
      expect(valuesOf('F32', Float32Array.of(0.5, -3), 2, padding)).toEqual([0.5, -3]);
      expect(valuesOf('F16', Uint16Array.of(0x3800, 0xc200), 2, padding)).toEqual([0.5, -3]);
      expect(valuesOf('BF16', Uint16Array.of(0x3f00, 0xc040), 2, padding)).toEqual([0.5, -3]);
    }
  });

  it('reads a file that lies in a larger buffer, as node gives small files', () => {
    const bytes = tensorsFile({ x: { dtype: 'F32', shape: [2], data: Float32Array.of(0.5, -3) } }, 1);
    const pool = Buffer.alloc(bytes.length + 16, 0xff);
    pool.set(bytes, 7);
    const file = readSafetensors(pool.subarray(7, 7 + bytes.length), 'file');
    expect([...floatValues(file, file.tensors.get('x')!)]).toEqual([0.5, -3]);
  });
});

describe('broken files are refused with a sentence that names the file and what is wrong', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const eight = new Uint8Array(8);

  it.each<[string, Uint8Array, string]>([
    ['too short', new Uint8Array(7), 'The file has 7 bytes, too few for a safetensors header.'],
    [
      'a header longer than the file',
      rawSafetensors({ x: entry }, eight).subarray(0, 20),
      'The header claims 54 bytes, but the file ends after 20.',
    ],
    ['a header of 2^64 bytes', new Uint8Array(16).fill(0xff), 'but the file ends after 16.'],
    ['a header that is no JSON', rawSafetensors('<html>'), 'The header is not JSON text.'],
    ['a header that is no UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), 'The header is not JSON text.'],
    ['a header that is a list', rawSafetensors([]), 'The header is not a JSON object.'],
    ['a header that is null', rawSafetensors('null'), 'The header is not a JSON object.'],
    ['an entry that is a number', rawSafetensors({ x: 1 }), 'The header entry of tensor x is malformed.'],
    [
      'a negative length',
      rawSafetensors({ x: { ...entry, shape: [-2] } }, eight),
      'The header entry of tensor x is malformed.',
    ],
    [
      'offsets that are no integers',
      rawSafetensors({ x: { ...entry, data_offsets: [0, 7.5] } }, eight),
      'The header entry of tensor x is malformed.',
    ],
    [
      'an unknown type',
      rawSafetensors({ x: { ...entry, dtype: 'F8_E4M3' } }, eight),
      'Tensor x has the unknown type F8_E4M3.',
    ],
    [
      'a type every object has',
      rawSafetensors({ x: { ...entry, dtype: 'constructor' } }, eight),
      'Tensor x has the unknown type constructor.',
    ],
    [
      'a wrong number of bytes',
      rawSafetensors({ x: { ...entry, shape: [3] } }, eight),
      'Tensor x of shape [3] and type F32 needs 12 bytes, not 8.',
    ],
    [
      'offsets in the wrong order',
      rawSafetensors({ x: { ...entry, data_offsets: [8, 0] } }, eight),
      'Tensor x of shape [2] and type F32 needs 8 bytes, not -8.',
    ],
    [
      'a shape of more elements than numbers can count',
      rawSafetensors({ x: { ...entry, shape: new Array(20).fill(2 ** 52) } }, eight),
      'and type F32 needs ',
    ],
    [
      'data that are cut off',
      rawSafetensors({ x: entry }, eight).subarray(0, -1),
      'The file is cut off: tensor x ends at byte 70 of 69.',
    ],
    [
      'tensors that overlap',
      rawSafetensors({ x: entry, y: { ...entry, data_offsets: [4, 12] } }, new Uint8Array(12)),
      'The tensors x and y overlap.',
    ],
    [
      'a hole between tensors',
      rawSafetensors({ x: entry, y: { ...entry, data_offsets: [12, 20] } }, new Uint8Array(20)),
      'There are 4 bytes of no tensor before y.',
    ],
    [
      'bytes after the last tensor',
      rawSafetensors({ x: entry }, new Uint8Array(11)),
      'There are 3 bytes of no tensor at the end of the file.',
    ],
    [
      'metadata that are no texts',
      rawSafetensors({ __metadata__: { steps: 5 } }),
      'The __metadata__ of the header are not texts by name.',
    ],
  ])('%s', (_, bytes, sentence) => {
    const message = refusal(bytes);
    expect(message).toContain(sentence);
    expect(message).toContain('model.safetensors: ');
  });

  it('whatever bytes of a good file are changed, it is read or refused, never anything else', () => {
    const good = tensorsFile({
      weight: { dtype: 'F16', shape: [2, 3], data: new Uint16Array(6).fill(0x3c00) },
      bias: { dtype: 'F64', shape: [3], data: new Float64Array(3) },
    });
    const withMetadata = writeSafetensors([['w', [2], Float32Array.of(1, 2)]], { seed: '1', made: 'by a test' });
    const change = fc.record({ at: fc.nat(), to: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:0-'))) });
    fc.assert(
      fc.property(
        fc.constantFrom(good, withMetadata),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (file, changes) => {
          const bytes = file.slice();
          for (const { at, to } of changes) bytes[at % bytes.length] = to;
          try {
            const read = readSafetensors(bytes, 'file');
            for (const tensor of read.tensors.values()) {
              if (tensor.type.includes('F')) floatValues(read, tensor);
            }
          } catch (caught) {
            expect(caught).toBeInstanceOf(UserError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
