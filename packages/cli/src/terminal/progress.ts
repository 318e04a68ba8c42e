import type { Style } from "./style";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMilliseconds = 100;
/** On a stream that is no terminal, a line says that a task is still running after so many seconds, then every 30. */
const firstNoteSeconds = 2;
const laterNoteSeconds = 30;

/** Shows one running task. On a terminal it is a line that counts the seconds; elsewhere plain lines. */
export class ProgressLine {
  readonly #started: number;
  readonly #timer: NodeJS.Timeout;
  #frame = 0;
  #nextNote = firstNoteSeconds;

  constructor(
    private readonly label: string,
    private readonly stream: NodeJS.WriteStream,
    private readonly style: Style,
    /** When the task began, in milliseconds as `Date.now()` gives them; a line may be shown later. */
    started = Date.now(),
  ) {
    this.#started = started;
    this.#timer = setInterval(() => this.#tick(), stream.isTTY ? frameMilliseconds : 1000);
    this.#timer.unref();
    if (stream.isTTY) this.#tick();
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }

  /** Ends the line with a mark, the label, the seconds and what came out. `seconds`: of a task that had ended before. */
  done(note = "", seconds = this.seconds): void {
    this.#end(this.style.green("✓"), note, seconds);
  }

  /** Ends the line as failed. */
  failed(note = ""): void {
    this.#end(this.style.red("✗"), note, this.seconds);
  }

  /** Takes the line away without a word: the caller has been interrupted. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.stream.isTTY) this.stream.write("\r\x1b[2K");
  }

  #tick(): void {
    if (this.stream.isTTY) {
      const frame = frames[this.#frame++ % frames.length] ?? "";
      this.stream.write(`\r\x1b[2K  ${this.style.cyan(frame)} ${this.label} ${this.style.dim(formatSeconds(this.seconds))}`);
    } else if (this.seconds >= this.#nextNote) {
      this.stream.write(`  … ${this.label.trimEnd()} is running (${formatSeconds(this.seconds)})\n`);
      this.#nextNote = this.#nextNote < laterNoteSeconds ? laterNoteSeconds : this.#nextNote + laterNoteSeconds;
    }
  }

  #end(mark: string, note: string, seconds: number): void {
    this.stop();
    this.stream.write(
      `  ${mark} ${this.label} ${this.style.dim(formatSeconds(seconds).padStart(7))}${note ? `  ${note}` : ""}\n`,
    );
  }
}

/** `0.4 s`, `12.0 s`, `3 min 4 s`. */
function formatSeconds(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
