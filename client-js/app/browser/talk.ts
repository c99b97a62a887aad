import { expect, type Locator, type Page } from '@playwright/test';

/** A conversation on a page: what a person reads, writes and does in it. */
export class Talk {
  readonly log: Locator;
  readonly composer: Locator;

  constructor(
    readonly page: Page,
    readonly name: string,
  ) {
    this.log = page.getByRole('log', { name: `Messages in ${name}` });
    this.composer = page.getByRole('textbox', { name: `Message to ${name}` });
  }

  /** The message with these words. */
  message(words: string | RegExp): Locator {
    return this.log.getByRole('article').filter({ has: this.page.locator('.chat-message-text', { hasText: words }) });
  }

  /** Writes without sending. */
  async write(text: string): Promise<void> {
    await this.composer.pressSequentially(text);
  }

  /** Writes and sends; does not wait for the hub. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Writes, sends, and waits until the hub has it. */
  async say(text: string): Promise<void> {
    await this.send(text);
    await this.expectSettled(text);
  }

  /** The message is there once, and it is the hub's. */
  async expectSettled(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).not.toHaveAttribute('data-pending');
  }

  /** Chooses from the menu of the message with these words. */
  async choose(words: string, item: string): Promise<void> {
    const message = this.message(words);
    await message.hover();
    await message.getByRole('button', { name: /^Actions for the message/ }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** All messages that are not deleted, in order. */
  async said(): Promise<string[]> {
    return this.log.locator('.chat-message-text').allInnerTexts();
  }
}
