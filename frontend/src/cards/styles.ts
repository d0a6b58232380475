import { css } from "lit";

/** What all the small cards have in common. */
export const cardStyles = css`
  :host {
    display: block;
    height: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  ha-card {
    height: 100%;
    overflow: hidden;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  a,
  .link {
    color: var(--primary-text-color);
    text-decoration: underline;
    text-decoration-color: var(--divider-color, #8888);
    text-underline-offset: 3px;
  }
  .link {
    border: none;
    padding: 0;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  a:hover,
  .link:hover {
    text-decoration-color: currentcolor;
  }
  :focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: -2px;
    border-radius: 4px;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .bad {
    color: var(--error-color, #db4437);
  }
  .dubious {
    color: var(--warning-color, #ffa600);
  }
  .good {
    color: var(--success-color, #43a047);
  }
  .calm {
    color: var(--secondary-text-color);
  }
`;
