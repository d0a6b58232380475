/** The part of Home Assistant's frontend that is used here, as far as it is used. */

export interface EntityState {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly last_changed: string;
  readonly last_updated: string;
}

/** An entity as the frontend keeps it: enabled ones only. */
export interface EntityEntry {
  readonly entity_id: string;
  readonly platform?: string;
  readonly translation_key?: string;
  readonly device_id?: string | null;
  readonly area_id?: string | null;
  readonly entity_category?: "config" | "diagnostic";
  readonly hidden?: boolean;
  readonly name?: string | null;
}

export interface DeviceEntry {
  readonly id: string;
  readonly name: string | null;
  readonly name_by_user: string | null;
  readonly area_id: string | null;
  readonly config_entries: readonly string[];
  readonly entry_type: "service" | null;
  readonly disabled_by: string | null;
}

export interface AreaEntry {
  readonly area_id: string;
  readonly name: string;
  readonly icon: string | null;
}

export interface LocaleData {
  readonly language: string;
  readonly number_format: string;
  readonly time_format: "language" | "system" | "12" | "24";
  readonly time_zone: "local" | "server";
}

export interface HomeAssistant {
  readonly states: Readonly<Record<string, EntityState>>;
  readonly entities: Readonly<Record<string, EntityEntry>>;
  readonly devices: Readonly<Record<string, DeviceEntry>>;
  readonly areas: Readonly<Record<string, AreaEntry>>;
  readonly language: string;
  readonly locale: LocaleData;
  readonly config: {
    readonly time_zone: string;
    readonly currency: string;
    readonly components: readonly string[];
  };
  readonly user?: { readonly is_admin: boolean };
  localize(key: string, values?: Record<string, string | number>): string;
  formatEntityState(entity: EntityState, state?: string): string;
  formatEntityAttributeValue(
    entity: EntityState,
    attribute: string,
    value?: unknown,
  ): string;
  callWS<Result>(message: { type: string; [key: string]: unknown }): Promise<Result>;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: { entity_id?: string | string[] },
  ): Promise<unknown>;
}

/** A card, a badge, a feature or a condition: what its type makes of the rest. */
export interface CardConfig {
  type: string;
  [option: string]: unknown;
}

export interface SectionConfig {
  type: "grid";
  cards: CardConfig[];
  column_span?: number;
  visibility?: CardConfig[];
  [option: string]: unknown;
}

export interface ViewConfig {
  title?: string;
  path?: string;
  icon?: string;
  subview?: boolean;
  back_path?: string;
  type?: "sections" | "panel";
  max_columns?: number;
  dense_section_placement?: boolean;
  badges?: CardConfig[];
  sections?: SectionConfig[];
  cards?: CardConfig[];
  strategy?: CardConfig;
  [option: string]: unknown;
}

export interface DashboardConfig {
  title?: string;
  views: ViewConfig[];
}
