/**
 * Reads the pickles inside PyTorch checkpoints without executing anything: a pickle is a program that names functions to call, and
 * here a function is called only if it is one of those that rebuild a tensor or make a plain container. What training frameworks put
 * beside the weights (settings, optimisers, callbacks) becomes a value that nothing looks into; what would run a program is refused by name.
 */

import { fail } from '../../core/errors.ts';
import { ByteCursor } from './byteCursor.ts';

/** A function or type that the pickle names, `module.name`. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleGlobal
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleObject;

/** What an allowed call or a persistent id was turned into; opaque to the reader. */
export interface PickleObject {
  readonly kind: string;
}

/** What an object that is no tensor and no container is read as. */
const OPAQUE: PickleObject = { kind: 'opaque' };

/** Modules and functions with which a pickle could do more than hold values: none has a place in a checkpoint. */
const PROGRAMS =
  /^(os|posix|nt|sys|subprocess|importlib|runpy|shutil|socket|pty|ctypes|_ctypes|multiprocessing|webbrowser|code|codeop|pickle|_pickle|marshal|types|gc|inspect|timeit|cProfile|pdb|bdb|asyncio|urllib|http|requests|commands|platform|signal|tempfile|zipimport|pkgutil|builtins\.(eval|exec|compile|open|input|breakpoint|__import__|getattr|setattr|delattr|globals|locals|vars)|__builtin__\.(eval|exec|compile|open|file|input|execfile|__import__|getattr|setattr|apply)|operator\.(attrgetter|methodcaller)|functools\.reduce|torch\.(load|hub|jit|utils\.cpp_extension))(\.|$)/;

export interface PickleHost {
  /** Calls a function that the pickle names; `undefined` refuses it. */
  readonly call: (name: string, args: readonly PickleValue[]) => PickleValue | undefined;
  /** True for names that may be passed about (storage types). */
  readonly knows: (name: string) => boolean;
  /** Resolves a persistent id: a storage of the archive. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

const MARK = Symbol('mark');
type Slot = PickleValue | typeof MARK;

/** Deeper nesting than any checkpoint has. */
const DEEPEST_STACK = 100_000;

/**
 * The value of a pickle (protocols 2 to 5).
 * @throws UserError `checkpoint/pickle`, naming what is refused.
 */
export function readPickle(bytes: Uint8Array, host: PickleHost, where: string): PickleValue {
  return new Reader(bytes, host, where).read();
}

class Reader {
  private readonly cursor: ByteCursor;
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    bytes: Uint8Array,
    private readonly host: PickleHost,
    private readonly where: string,
  ) {
    this.cursor = new ByteCursor(bytes, (what) => this.broken(what));
  }

  read(): PickleValue {
    for (;;) {
      const code = this.cursor.byte();
      if (code === 0x2e) return this.pop();
      this.step(code);
      if (this.stack.length > DEEPEST_STACK) this.broken('it nests too deeply');
    }
  }

  private step(code: number): void {
    const opcode = String.fromCharCode(code);
    switch (opcode) {
      case '\x80':
        this.cursor.byte();
        break;
      case '\x95':
        this.cursor.take(8);
        break;
      case '(':
        this.stack.push(MARK);
        break;
      case '0':
        this.pop();
        break;
      case '1':
        this.sinceMark();
        break;
      case '2':
        this.push(this.top());
        break;
      case 'N':
        this.push(null);
        break;
      case '\x88':
        this.push(true);
        break;
      case '\x89':
        this.push(false);
        break;
      case 'K':
        this.push(this.cursor.byte());
        break;
      case 'M':
        this.push(this.cursor.number(2));
        break;
      case 'J':
        this.push(this.cursor.signed());
        break;
      case '\x8a':
        this.push(this.cursor.long(this.cursor.byte()));
        break;
      case 'G':
        this.push(this.cursor.double());
        break;
      case 'X':
        this.push(this.cursor.text(this.cursor.number(4)));
        break;
      case '\x8c':
        this.push(this.cursor.text(this.cursor.byte()));
        break;
      case 'C':
        this.push(this.cursor.slice(this.cursor.byte()));
        break;
      case 'B':
        this.push(this.cursor.slice(this.cursor.number(4)));
        break;
      case ']':
      case ')':
      case '\x8f':
        this.push([]);
        break;
      case '}':
        this.push(new Map());
        break;
      case 't':
      case 'l':
        this.push(this.sinceMark());
        break;
      case '\x85':
      case '\x86':
      case '\x87': {
        const items = Array.from({ length: code - 0x84 }, () => this.pop());
        this.push(items.reverse());
        break;
      }
      case 'a': {
        const item = this.pop();
        if (!this.isOpaque()) this.list().push(item);
        break;
      }
      case 'e':
      case '\x90': {
        const items = this.sinceMark();
        if (!this.isOpaque()) for (const item of items) this.list().push(item);
        break;
      }
      case 's': {
        const value = this.pop();
        const key = this.pop();
        if (!this.isOpaque()) this.table().set(key, value);
        break;
      }
      case 'u': {
        const items = this.sinceMark();
        if (this.isOpaque()) break;
        for (let i = 0; i + 1 < items.length; i += 2) this.table().set(items[i]!, items[i + 1]!);
        break;
      }
      case 'q':
        this.remember(this.cursor.byte());
        break;
      case 'r':
        this.remember(this.cursor.number(4));
        break;
      case '\x94':
        this.remember(this.memo.size);
        break;
      case 'h':
        this.recall(this.cursor.byte());
        break;
      case 'j':
        this.recall(this.cursor.number(4));
        break;
      case 'c':
        this.push(this.global(`${this.cursor.line()}.${this.cursor.line()}`));
        break;
      case '\x93': {
        const name = this.pop();
        this.push(this.global(`${String(this.pop())}.${String(name)}`));
        break;
      }
      case 'R': {
        const args = this.pop();
        this.push(this.call(this.pop(), args));
        break;
      }
      case '\x81': {
        const args = this.pop();
        this.push(this.call(this.pop(), args));
        break;
      }
      case '\x92': {
        // Keyword arguments.
        this.pop();
        const args = this.pop();
        this.push(this.call(this.pop(), args));
        break;
      }
      case 'b':
        // State put onto a plain container (an OrderedDict's `_metadata`) says nothing about tensors.
        this.pop();
        if (!(this.top() instanceof Map) && !this.isOpaque()) this.refuse('setting the state of an object');
        break;
      case 'Q':
        this.push(this.host.persistent(this.pop()));
        break;
      default:
        this.refuse(`the instruction 0x${code.toString(16)}`);
    }
  }

  private call(callee: PickleValue, args: PickleValue): PickleValue {
    if (callee === OPAQUE && Array.isArray(args)) return OPAQUE;
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args)) return this.broken('it calls what is no function');
    return this.host.call(callee.name, args) ?? this.refuse(callee.name);
  }

  private global(name: string): PickleValue {
    if (PROGRAMS.test(name)) return this.refuse(name);
    return this.host.knows(name) ? new PickleGlobal(name) : OPAQUE;
  }

  private isOpaque(): boolean {
    return this.top() === OPAQUE;
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    return value === undefined || value === MARK ? this.broken('its stack runs empty') : value;
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private sinceMark(): PickleValue[] {
    const start = this.stack.lastIndexOf(MARK);
    if (start < 0) this.broken('a mark is missing');
    const items = this.stack.splice(start).slice(1);
    return items.filter((item): item is PickleValue => item !== MARK);
  }

  private list(): PickleValue[] {
    const target = this.top();
    return Array.isArray(target) ? target : this.broken('it appends to what is no list');
  }

  private table(): Map<PickleValue, PickleValue> {
    const target = this.top();
    return target instanceof Map ? target : this.broken('it puts entries into what is no table');
  }

  private remember(key: number): void {
    this.memo.set(key, this.top());
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    this.push(value === undefined ? this.broken('it recalls what was never stored') : value);
  }

  private broken(what: string): never {
    return fail('checkpoint/pickle', `The pickle in the checkpoint is broken: ${what}.`, {
      where: this.where,
      hint: 'Download or copy the checkpoint again.',
    });
  }

  private refuse(name: string): never {
    return fail(
      'checkpoint/pickle',
      `The checkpoint asks for ${name}, which is refused: only tensors are read from it.`,
      {
        where: this.where,
        hint: 'A pickle can run any program. Save the weights alone (a state dict, or safetensors) and drop that file.',
      },
    );
  }
}
