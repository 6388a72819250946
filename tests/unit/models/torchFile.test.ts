import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { tableValues } from '../../../src/models/checkpoints/tensors.ts';
import { readTorchFile } from '../../../src/models/checkpoints/torchFile.ts';
import {
  int,
  type Piece,
  pickleBytes,
  statePickle,
  tensorPieces,
  text,
  torchArchive,
  zipOf,
} from '../../support/torchArchive.ts';

const six = Float32Array.of(0, 1, 2, 3, 4, 5);
const whole = { key: '0', elements: 6, shape: [2, 3], strides: [3, 1] };

function valuesOf(bytes: Uint8Array, name = 'w'): number[] {
  const table = readTorchFile(bytes, 'model.ckpt');
  return [...tableValues(table, table.tensors.get(name)!)];
}

function refusal(bytes: Uint8Array): string {
  try {
    readTorchFile(bytes, 'model.ckpt');
  } catch (caught) {
    if (caught instanceof UserError) return caught.message;
    throw caught;
  }
  throw new Error('the file was accepted');
}

describe('tensors of a PyTorch checkpoint', () => {
  it('lie where their storages lie in the archive', () => {
    const table = readTorchFile(torchArchive(statePickle({ w: whole }), { 0: six }), 'model.ckpt');
    expect(table.tensors.get('w')).toMatchObject({ type: 'F32', shape: [2, 3], byteLength: 24 });
    expect(table.tensors.get('w')).not.toHaveProperty('strides');
  });

  it('are read through their strides: a transposed view, a column, one of several in a storage', () => {
    const bytes = torchArchive(
      statePickle({
        transposed: { ...whole, shape: [3, 2], strides: [1, 3] },
        column: { ...whole, offset: 1, shape: [2], strides: [3] },
        second: { ...whole, offset: 3, shape: [3], strides: [1] },
        scalar: { ...whole, offset: 5, shape: [], strides: [] },
      }),
      { 0: six },
    );
    expect(valuesOf(bytes, 'transposed')).toEqual([0, 3, 1, 4, 2, 5]);
    expect(valuesOf(bytes, 'column')).toEqual([1, 4]);
    expect(valuesOf(bytes, 'second')).toEqual([3, 4, 5]);
    expect(valuesOf(bytes, 'scalar')).toEqual([5]);
  });

  it('are found under the key a training framework keeps them below', () => {
    const inner = statePickle({ w: whole }).subarray(2, -1);
    const bytes = torchArchive(pickleBytes('}(', text('epoch'), int(3), text('state_dict'), inner, 'u.'), { 0: six });
    expect(valuesOf(bytes)).toEqual([...six]);
  });

  it('are found beside what a training framework keeps: settings, scores and callbacks are not looked into', () => {
    const inner = statePickle({ w: whole }).subarray(2, -1);
    const settings: Piece[] = ['cargparse\nNamespace\n)', 0x81, '}(', text('lr'), int(3), 'ub'];
    const score: Piece[] = ['cnumpy.core.multiarray\nscalar\n(', text('f8'), int(1), 'tR'];
    const list: Piece[] = ['cmy.callbacks\nList\n)', 0x81, '(', int(1), int(2), 'e'];
    const items = [text('hyper_parameters'), ...settings, text('score'), ...score, text('callbacks'), ...list];
    const bytes = torchArchive(pickleBytes('}(', ...items, text('state_dict'), inner, 'u.'), { 0: six });
    expect(valuesOf(bytes)).toEqual([...six]);
  });

  it('can be parameters, halves and bfloat16', () => {
    const half = { ...whole, storage: 'HalfStorage', elements: 2, shape: [2], strides: [1] };
    const brain = { ...half, storage: 'BFloat16Storage' };
    expect(valuesOf(torchArchive(statePickle({ w: half }), { 0: Uint16Array.of(0x3c00, 0xc000) }))).toEqual([1, -2]);
    expect(valuesOf(torchArchive(statePickle({ w: brain }), { 0: Uint16Array.of(0x3f80, 0xc000) }))).toEqual([1, -2]);
    const parameter: Piece[] = ['ctorch._utils\n_rebuild_parameter\n(', ...tensorPieces(whole), 0x88, '}tR'];
    expect(valuesOf(torchArchive(pickleBytes('}', text('w'), ...parameter, 's.'), { 0: six }))).toEqual([...six]);
  });
});

describe('what is no list of tensors is refused by name', () => {
  const calls = (module: string, name: string, argument: string) =>
    torchArchive(pickleBytes(`c${module}\n${name}\n(`, text(argument), 'tR.'));

  it.each<[string, Uint8Array, string]>([
    [
      'a call of the system',
      calls('posix', 'system', 'rm -rf /'),
      'The checkpoint asks for posix.system, which is refused',
    ],
    ['evaluation', calls('builtins', 'eval', '1'), 'The checkpoint asks for builtins.eval, which is refused'],
    ['an import', calls('importlib', 'import_module', 'os'), 'importlib.import_module'],
    ['a command', calls('subprocess', 'Popen', 'x'), 'The checkpoint asks for subprocess.Popen, which is refused'],
    ['a loader of files', calls('torch', 'load', 'x'), 'The checkpoint asks for torch.load, which is refused'],
    [
      'a value that is no table',
      calls('numpy.core.multiarray', 'scalar', 'x'),
      'The checkpoint holds no tensors by name.',
    ],
    [
      'a name on the stack',
      torchArchive(pickleBytes(text('os'), text('system'), 0x93, '.')),
      'The checkpoint asks for os.system, which is refused',
    ],
    ['an object of a class', torchArchive(pickleBytes('(iposix\nsystem\n.')), 'the instruction 0x69'],
    ['an extension', torchArchive(pickleBytes(Uint8Array.of(0x82, 1), '.')), 'the instruction 0x82'],
    ['a storage type as a function', torchArchive(pickleBytes('ctorch\nFloatStorage\n)R.')), 'torch.FloatStorage'],
    ['a state for a list', torchArchive(pickleBytes(']}b.')), 'setting the state of an object'],
  ])('%s', (_, bytes, sentence) => {
    expect(refusal(bytes)).toContain(sentence);
  });
});

describe('broken checkpoints are refused with a sentence', () => {
  const good = torchArchive(statePickle({ w: whole }), { 0: six });
  const described = (changes: object) => torchArchive(statePickle({ w: { ...whole, ...changes } }), { 0: six });

  it.each<[string, Uint8Array, string]>([
    ['a file that is cut off', good.subarray(0, -30), 'The archive has no directory: the file is cut off.'],
    ['an archive of something else', zipOf({ 'readme.txt': new Uint8Array(6) }), 'The archive holds no data.pkl'],
    [
      'a pickle that ends early',
      torchArchive(pickleBytes('}(')),
      'The pickle in the checkpoint is broken: it ends in the middle.',
    ],
    ['a text that runs over', torchArchive(pickleBytes(0x58, 255, 255, 255, 127)), 'it ends in the middle'],
    ['an empty stack', torchArchive(pickleBytes('.')), 'its stack runs empty'],
    ['a memo never stored', torchArchive(pickleBytes('h', 9, '.')), 'it recalls what was never stored'],
    ['a state dict of nothing', torchArchive(pickleBytes('}.')), 'The checkpoint holds no tensors by name.'],
    ['a storage that is missing', torchArchive(statePickle({ w: whole })), 'the storage 0 is missing'],
    ['a storage of another size', described({ elements: 7 }), 'the storage 0 has another size than it claims'],
    ['a tensor beyond its storage', described({ offset: 1 }), 'a tensor is larger than its storage'],
    ['a bomb of strides', described({ shape: [1e9], strides: [0] }), 'a tensor is larger than its storage'],
    ['a negative stride', described({ strides: [-3, 1] }), 'a tensor is described wrongly'],
    ['strides of another rank', described({ strides: [1] }), 'a tensor has more axes than strides'],
    [
      'a compressed member',
      torchArchive(statePickle({ w: whole }), { 0: six }, (entry, name) => {
        if (name.endsWith('/0')) entry.setUint16(10, 8, true);
      }),
      'The member archive/data/0 is compressed or encrypted, which PyTorch never does.',
    ],
    [
      'a member beyond the file',
      torchArchive(statePickle({ w: whole }), { 0: six }, (entry, name) => {
        if (name.endsWith('/0')) for (const at of [20, 24]) entry.setUint32(at, 1e9, true);
      }),
      'The file is cut off in the member archive/data/0.',
    ],
  ])('%s', (_, bytes, sentence) => {
    expect(refusal(bytes)).toContain(sentence);
  });

  it('whatever bytes of a good file are changed, it is read or refused, never anything else', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          readTorchFile(bytes, 'file');
        } catch (caught) {
          expect(caught).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
