var e={"cards.unknown":`unknown`,"cards.reason.hardware_fault":`Hardware fault`,"cards.reason.power_fault":`Power fault`,"cards.reason.overheated":`Overheated`,"cards.reason.away":`Does not answer`,"cards.reason.not_hashing":`Answers, but does not hash`,"cards.reason.fallback_pool":`On its fallback pool`,"cards.activity.hashing":`Hashing`,"cards.activity.not_hashing":`Not hashing`,"cards.activity.paused":`Paused`,"cards.activity.switched_off":`Switched off`,"cards.activity.away":`Does not answer`,"cards.activity.unknown":`Unknown`,"cards.table.name":`Miner table`,"cards.table.description":`All your miners in one compact table, those that need attention first.`,"cards.table.caption":`Miners`,"cards.table.status":`Status`,"cards.table.miner":`Name`,"cards.table.temperature":`Temperature`,"cards.table.filter":`Filter by name`,"cards.table.found":`{shown} of {total} miners`,"cards.table.none":`No miners are set up yet.`,"cards.attention.title":`Needs attention`,"cards.attention.well_one":`The miner is well`,"cards.attention.well":`All {count} miners are well`,"cards.fold.failed":`This card cannot be shown.`,"cards.readings.name":`Miner readings`,"cards.readings.mode":`Mode of {miner}`,"cards.readings.pending":`Press Enter to set it, or Escape to leave the mode as it is.`,"cards.create.title":`Miners`,"cards.create.action":`Create the miner dashboard`,"cards.create.busy":`Creating the dashboard…`,"cards.create.created":`The dashboard “{title}” was created.`,"cards.create.exists":`The dashboard “{title}” is there already.`,"cards.create.open":`Open it`,"cards.create.failed":`The dashboard was not created: {error}`},t={"price_card.name":`Electricity prices and plan`,"price_card.description":`The coming prices, what they mean for your miners, and what is planned for them.`,"price_card.title":`Electricity price`,"price_card.no_tariff":`There are no electricity prices yet. Add a tariff, and this card shows what is cheap, what is dear, and what is planned for each miner.`,"price_card.add_prices":`Add prices`,"price_card.tariff_gone":`The chosen tariff is not there. Choose another one in the settings of this card.`,"price_card.price_hidden":`The sensor of the current price is disabled or hidden. Enable and show it to see the prices.`,"price_card.next_change":`Next: {price} from {time}`,"price_card.period":`Period shown`,"price_card.period_today":`Today`,"price_card.period_tomorrow":`Tomorrow`,"price_card.period_48h":`48 h`,"price_card.meaning_negative":`Negative: you are paid`,"price_card.meaning_below_all":`Below every break-even`,"price_card.meaning_below_one":`Below break-even`,"price_card.meaning_below_some":`Below some break-evens`,"price_card.meaning_above_all":`Above every break-even`,"price_card.meaning_above_one":`Above break-even`,"price_card.meaning_cheap":`Cheap`,"price_card.meaning_ordinary":`Ordinary`,"price_card.meaning_dear":`Dear`,"price_card.short_negative":`Negative`,"price_card.short_below_all":`Below break-even`,"price_card.short_below_some":`Below some`,"price_card.short_above_all":`Above break-even`,"price_card.short_cheap":`Cheap`,"price_card.short_ordinary":`Ordinary`,"price_card.short_dear":`Dear`,"price_card.break_even":`Break-even {price}`,"price_card.average":`{price} on average`,"price_card.off_scale":`More than the scale shows`,"price_card.published_about":`Published about {time}`,"price_card.not_published":`Not published yet`,"price_card.no_price":`Price not known`,"price_card.no_plan":`Not planned yet`,"price_card.more_plans":`Show all {count} plans`,"price_card.fewer_plans":`Show fewer plans`,"price_card.and_more":`and {count} more`,"price_card.chart":`Prices by time, use the arrow keys`,"price_card.open":`{price}, {meaning}. Show details`,"price_card.summary":`Prices: lowest {lowest}, {lowest_when}. Highest {highest}, {highest_when}.`,"price_card.summary_empty":`No prices are known for this period.`,"price_card.editor_tariff":`Tariff`,"price_card.editor_miners":`Miners`,"price_card.editor_miners_help":`Whose break-even prices and plans are shown. With all chosen, new miners join by themselves.`,"price_card.editor_title":`Title`,"price_card.editor_period":`Period shown at first`,"price_card.editor_bar_minutes":`Length of a bar`,"price_card.editor_as_published":`As published`,"price_card.editor_minutes":`{count} minutes`,"price_card.editor_compact":`Compact, one row high`,"price_card.editor_show_period":`Buttons for the period`,"price_card.error_object":`The settings of the card have to be an object`,"price_card.error_text":`{option} has to be text`,"price_card.error_device":`tariff has to be the id of a device`,"price_card.error_miners":`miners has to be a list of device ids`,"price_card.error_choice":`{option} has to be one of: {choices}`,"price_card.error_switch":`{option} has to be true or false`},n={"strategy.name":`Miner Controller`,"strategy.description":`Your miners, what their power costs, and what is planned for them.`,"strategy.overview":`Overview`,"strategy.miners":`Miners`,"strategy.energy":`Energy`,"strategy.pools":`Pools`,"strategy.automations":`Automations`,"strategy.add":`Add it`,"strategy.add_miner":`Add a miner`,"strategy.welcome":`Welcome`,"strategy.welcome_hint":`Once a miner is added, this page shows what it does, what its power costs, and what is planned for it.`,"strategy.none_chosen":`No miner to show`,"strategy.none_chosen_hint":`None of the miners that were chosen for this dashboard is there. Change them in the dashboard's settings.`,"strategy.miner_gone":`This miner is no longer there`,"strategy.miner_gone_hint":`It was removed, or all of its entities are disabled or hidden.`,"strategy.no_fleet":`Totals of all miners`,"strategy.no_fleet_hint":`Add the miner fleet to see the hashrate, power and cost of all miners together, and to manage pools.`,"strategy.no_prices":`Electricity prices`,"strategy.no_prices_hint":`Add a tariff to see what electricity costs now and later, and to plan by price.`,"strategy.no_pools":`No pools yet`,"strategy.no_pools_hint":`Add pools to the miner fleet to watch them, and to choose them for miners.`,"strategy.edit_pools":`Add or edit pools`,"strategy.edit_pools_hint":`Pools are kept in the settings of the miner fleet.`,"strategy.edit_pools_button":`Open the miner fleet`,"strategy.response_times":`Response time, last 7 days`,"strategy.totals":`Now`,"strategy.of_all":`All miners: {title}`,"strategy.hashrate_day":`Hashrate, last 24 hours`,"strategy.hashrate_week":`Hashrate, last 7 days`,"strategy.temperature_week":`Temperature, last 7 days`,"strategy.device":`Device`,"strategy.restart_question":`Restart {name}? It stops hashing for a minute or two.`,"strategy.settings":`Settings`,"strategy.accepted":`Accepted`,"strategy.rejected":`Rejected`,"strategy.accepted_today":`Accepted today`,"strategy.rejected_today":`Rejected today`,"strategy.temperature":`Temperature`,"strategy.no_area":`Without an area`,"strategy.windows":`Cheap windows`,"strategy.usage":`By day`,"strategy.usage_months":`By month`,"strategy.cost_by_day":`Cost by day`,"strategy.cost_by_month":`Cost by month`,"strategy.energy_by_day":`Energy by day`,"strategy.energy_by_month":`Energy by month`,"strategy.break_even":`Break-even`,"strategy.price_week":`Price and break-even, last 7 days`,"strategy.plans":`Plans`,"strategy.planned_cost":`Planned cost`,"strategy.planned_energy":`Planned energy`,"strategy.no_automations":`No automation uses your miners yet`,"strategy.no_automations_hint":`Start with one of the blueprints below.`,"strategy.no_automations_ask":`An administrator can make one from a blueprint.`,"strategy.automations_unknown":`Automations could not be looked up`,"strategy.blueprints":`Blueprints`,"strategy.install":`All blueprints at once`,"strategy.install_hint":`Copies the blueprints that come with Miner Controller. What you changed is kept.`,"strategy.install_button":`Install all`,"strategy.install_question":`Copy all blueprints of Miner Controller to Home Assistant? Those that you changed are kept.`,"strategy.installed":`Installed. {description}`,"strategy.use_blueprint":`Use it`,"strategy.import_blueprint":`Import`,"strategy.option_title":`Title`,"strategy.option_views":`Views`,"strategy.option_views_hint":`Without any, all are shown.`,"strategy.option_areas":`Areas`,"strategy.option_areas_hint":`Miners of these areas are shown.`,"strategy.option_miners":`Miners`,"strategy.option_miners_hint":`These are shown too. Without areas and miners, all are.`},r={...e,...t,...n},i={en:r};function a(e){let t=e.split(`-`,1)[0]??`en`,n=i[e]??i[t]??{};return(e,t={})=>(n[e]??r[e]).replace(/\{(\w+)\}/g,(e,n)=>{let r=t[n];return r===void 0?e:String(r)})}var o=globalThis,s=o.ShadowRoot&&(o.ShadyCSS===void 0||o.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,c=Symbol(),l=/* @__PURE__ */ new WeakMap,u=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==c)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(s&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=l.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&l.set(t,e))}return e}toString(){return this.cssText}},d=e=>new u(typeof e==`string`?e:e+``,void 0,c),f=(e,...t)=>new u(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,c),p=(e,t)=>{if(s)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=o.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},m=s?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return d(t)})(e):e,{is:ee,defineProperty:te,getOwnPropertyDescriptor:ne,getOwnPropertyNames:re,getOwnPropertySymbols:ie,getPrototypeOf:ae}=Object,oe=globalThis,se=oe.trustedTypes,ce=se?se.emptyScript:``,le=oe.reactiveElementPolyfillSupport,ue=(e,t)=>e,de={toAttribute(e,t){switch(t){case Boolean:e=e?ce:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},fe=(e,t)=>!ee(e,t),pe={attribute:!0,type:String,converter:de,reflect:!1,useDefault:!1,hasChanged:fe};Symbol.metadata??=Symbol(`metadata`),oe.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var h=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=pe){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&te(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=ne(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??pe}static _$Ei(){if(this.hasOwnProperty(ue(`elementProperties`)))return;let e=ae(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ue(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ue(`properties`))){let e=this.properties,t=[...re(e),...ie(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(m(e))}else e!==void 0&&t.push(m(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return p(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?de:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?de:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??fe)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};h.elementStyles=[],h.shadowRootOptions={mode:`open`},h[ue(`elementProperties`)]=/* @__PURE__ */ new Map,h[ue(`finalized`)]=/* @__PURE__ */ new Map,le?.({ReactiveElement:h}),(oe.reactiveElementVersions??=[]).push(`2.1.2`);var me=globalThis,he=e=>e,ge=me.trustedTypes,_e=ge?ge.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,ve=`$lit$`,g=`lit$${Math.random().toFixed(9).slice(2)}$`,ye=`?`+g,be=`<${ye}>`,_=document,xe=()=>_.createComment(``),Se=e=>e===null||typeof e!=`object`&&typeof e!=`function`,Ce=Array.isArray,we=e=>Ce(e)||typeof e?.[Symbol.iterator]==`function`,Te=`[ 	
\f\r]`,Ee=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,De=/-->/g,Oe=/>/g,v=RegExp(`>|${Te}(?:([^\\s"'>=/]+)(${Te}*=${Te}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),ke=/'/g,Ae=/"/g,je=/^(?:script|style|textarea|title)$/i,Me=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),y=Me(1),b=Me(2),x=Symbol.for(`lit-noChange`),S=Symbol.for(`lit-nothing`),Ne=/* @__PURE__ */ new WeakMap,C=_.createTreeWalker(_,129);function Pe(e,t){if(!Ce(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return _e===void 0?t:_e.createHTML(t)}var Fe=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=Ee;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===Ee?c[1]===`!--`?o=De:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=v):(je.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=v):o=Oe:o===v?c[0]===`>`?(o=i??Ee,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?v:c[3]===`"`?Ae:ke):o===Ae||o===ke?o=v:o===De||o===Oe?o=Ee:(o=v,i=void 0);let d=o===v&&e[t+1].startsWith(`/>`)?` `:``;a+=o===Ee?n+be:l>=0?(r.push(s),n.slice(0,l)+ve+n.slice(l)+g+d):n+g+(l===-2?t:d)}return[Pe(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},Ie=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Fe(t,n);if(this.el=e.createElement(l,r),C.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=C.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(ve)){let t=u[o++],n=i.getAttribute(e).split(g),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Be:r[1]===`?`?Ve:r[1]===`@`?He:ze}),i.removeAttribute(e)}else e.startsWith(g)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(je.test(i.tagName)){let e=i.textContent.split(g),t=e.length-1;if(t>0){i.textContent=ge?ge.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],xe()),C.nextNode(),c.push({type:2,index:++a});i.append(e[t],xe())}}}else if(i.nodeType===8){if(i.data===ye)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(g,e+1))!==-1;)c.push({type:7,index:a}),e+=g.length-1}}a++}}static createElement(e,t){let n=_.createElement(`template`);return n.innerHTML=e,n}};function w(e,t,n=e,r){if(t===x)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=Se(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=w(e,i._$AS(e,t.values),i,r)),t}var Le=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??_).importNode(t,!0);C.currentNode=r;let i=C.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Re(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Ue(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=C.nextNode(),a++)}return C.currentNode=_,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Re=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=S,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=w(this,e,t),Se(e)?e===S||e==null||e===``?(this._$AH!==S&&this._$AR(),this._$AH=S):e!==this._$AH&&e!==x&&this._(e):e._$litType$===void 0?e.nodeType===void 0?we(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==S&&Se(this._$AH)?this._$AA.nextSibling.data=e:this.T(_.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=Ie.createElement(Pe(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Le(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Ne.get(e.strings);return t===void 0&&Ne.set(e.strings,t=new Ie(e)),t}k(t){Ce(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(xe()),this.O(xe()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=he(e).nextSibling;he(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},ze=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=S,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=S}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=w(this,e,t,0),a=!Se(e)||e!==this._$AH&&e!==x,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=w(this,r[n+o],t,o),s===x&&(s=this._$AH[o]),a||=!Se(s)||s!==this._$AH[o],s===S?e=S:e!==S&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===S?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Be=class extends ze{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===S?void 0:e}},Ve=class extends ze{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==S)}},He=class extends ze{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=w(this,e,t,0)??S)===x)return;let n=this._$AH,r=e===S&&n!==S||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==S&&(n===S||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ue=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){w(this,e)}},We={M:ve,P:g,A:ye,C:1,L:Fe,R:Le,D:we,V:w,I:Re,H:ze,N:Ve,U:He,B:Be,F:Ue},Ge=me.litHtmlPolyfillSupport;Ge?.(Ie,Re),(me.litHtmlVersions??=[]).push(`3.3.3`);var Ke=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new Re(t.insertBefore(xe(),e),e,void 0,n??{})}return i._$AI(e),i},qe=globalThis,T=class extends h{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ke(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return x}};T._$litElement$=!0,T.finalized=!0,qe.litElementHydrateSupport?.({LitElement:T});var Je=qe.litElementPolyfillSupport;Je?.({LitElement:T}),(qe.litElementVersions??=[]).push(`4.2.2`);function Ye(e,t,n={}){e.dispatchEvent(new CustomEvent(t,{bubbles:!0,composed:!0,detail:n}))}function Xe(e,t){Ye(e,`hass-more-info`,{entityId:t})}var E=`miner_controller`,Ze={fleet:[`sensor.miners_total`,`sensor.miners_online`,`sensor.total_hashrate`],tariff:[`sensor.current_price`,`sensor.next_price`,`binary_sensor.negative_price`],window:[`binary_sensor.active`,`sensor.next_start`,`sensor.average_price`],pool:[`binary_sensor.reachable`,`sensor.response_time`,`sensor.miners`]};function Qe(e,t={}){let{home:n}=nt(e);return{...n,miners:n.miners.filter(e=>$e(e,t))}}function $e(e,{miners:t,areas:n}){return!t?.length&&!n?.length||(t?.includes(e.id)??!1)||e.areaId!==void 0&&(n?.includes(e.areaId)??!1)}function et(e,t){let n=e.entities[t]?.device_id;return n?nt(e).devices.get(n):void 0}var tt;function nt(e){let t=[e.entities,e.devices,e.language];if(!tt?.of.every((e,n)=>e===t[n])){let n=it(e),r=new Map(n.map(({device:e})=>[e.id,e]));tt={of:t,whole:{home:rt(n),devices:r}}}return tt.whole}function rt(e){let t=e.filter(({entry:e})=>e.entry_type===`service`).map(({device:e})=>e),n=e=>t.filter(({entities:t})=>Ze[e].some(e=>e in t));return{miners:e.filter(({entry:e})=>e.entry_type!==`service`).map(({device:e})=>e),tariffs:n(`tariff`),windows:n(`window`),fleet:n(`fleet`)[0],pools:n(`pool`)}}function it(e){let t=/* @__PURE__ */ new Map;for(let n of Object.values(e.entities)){let e=at(n);if(e===void 0||!n.device_id)continue;let r=t.get(n.device_id)??{};r[e]??=n.entity_id,t.set(n.device_id,r)}let{compare:n}=new Intl.Collator(e.language,{numeric:!0}),r=[];for(let[n,i]of t){let t=e.devices[n];if(t===void 0)continue;let a={id:n,name:t.name_by_user??t.name??n,areaId:t.area_id??void 0,entryId:t.config_entries[0],entities:i};r.push({entry:t,device:a})}return r.sort((e,t)=>n(e.device.name,t.device.name))}function at(e){if(e.platform===`miner_controller`&&!e.hidden&&e.translation_key)return`${e.entity_id.split(`.`,1)[0]??``}.${e.translation_key.replace(/^mining_with_restart$/,`mining`)}`}var ot=/* @__PURE__ */ new Set([`unavailable`,`unknown`,``]),st={"H/s":1,"kH/s":1e3,"MH/s":1e6,"GH/s":1e9,"TH/s":0xe8d4a51000,"PH/s":0x38d7ea4c68000,"EH/s":0xde0b6b3a7640000},ct={mW:.001,W:1,kW:1e3,MW:1e6},lt={...st,...ct};function D(e,t,n){let r=t.entities[n];return r===void 0?void 0:e.states[r]}function ut(e){return e===void 0||ot.has(e.state)?void 0:e}function dt(e){let t=ut(e),n=Number(t?.state);return t!==void 0&&Number.isFinite(n)?n:void 0}function ft(e){let t=dt(e),n=e?.attributes.unit_of_measurement;return t===void 0||typeof n!=`string`?t:n===`°F`?(t-32)/1.8:n===`K`?t-273.15:t*(lt[n]??1)}function pt(e,t){let[n=``,r=``]=t.split(`.`),i=r.replaceAll(`_`,` `);return e.localize(`component.miner_controller.entity.${n}.${r}.name`)||i.charAt(0).toUpperCase()+i.slice(1)}var mt=[`hardware_fault`,`power_fault`,`overheated`,`away`,`not_hashing`,`fallback_pool`],ht=[`binary_sensor.reachable`,`binary_sensor.hashing`,`binary_sensor.overheated`,`binary_sensor.fallback_pool`,`binary_sensor.power_fault`,`binary_sensor.hardware_fault`,`sensor.power`,`switch.mining`],gt=`sensor.miners_needing_attention`;function _t(e,t){let n=D(e,t,`binary_sensor.reachable`),r=D(e,t,`binary_sensor.hashing`);return(n??r)?.state===`unavailable`||n?.state===`off`?dt(D(e,t,`sensor.power`))===0?`switched_off`:`away`:D(e,t,`switch.mining`)?.state===`off`?`paused`:r?.state===`on`?`hashing`:r?.state===`off`?`not_hashing`:`unknown`}function vt(e,t){let n=_t(e,t);return n===`away`?[`away`]:n===`switched_off`?[]:mt.filter(r=>r===`not_hashing`?n===r:D(e,t,`binary_sensor.${r}`)?.state===`on`)}function yt(e,t,{fleet:n,everyMiner:r}){let i=n&&xt(e,n),a=t.map(t=>{let n=i?i.find(({entryId:e})=>e===t.entryId)?.reasons??[]:vt(e,t);return{name:t.name,miner:t,reasons:n}}),o=new Set(t.map(({entryId:e})=>e));for(let{name:e,entryId:t,reasons:n}of r?i??[]:[])o.has(t)||a.push({name:e,miner:void 0,reasons:n});return a.filter(({reasons:e})=>e.length).sort((e,t)=>bt(e.reasons)-bt(t.reasons))}function bt([e]){return e===void 0?mt.length:mt.indexOf(e)}function xt(e,t){let n=ut(D(e,t,gt))?.attributes.miners;if(Array.isArray(n))return n.filter(St).map(({miner:e,entry_id:t,reasons:n})=>({name:e,entryId:t,reasons:mt.filter(e=>n.includes(e))}))}function St(e){return typeof e==`object`&&!!e&&`miner`in e&&typeof e.miner==`string`&&`entry_id`in e&&typeof e.entry_id==`string`&&`reasons`in e&&Array.isArray(e.reasons)}var Ct={attribute:!0,type:String,converter:de,reflect:!1,hasChanged:fe},wt=(e=Ct,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=/* @__PURE__ */ new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)};function O(e){return(t,n)=>typeof n==`object`?wt(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}function k(e){return O({...e,state:!0,attribute:!1})}var Tt=(e,t,n)=>(n.configurable=!0,n.enumerable=!0,Reflect.decorate&&typeof t!=`object`&&Object.defineProperty(e,t,n),n);function Et(e,t){return(n,r,i)=>{let a=t=>t.renderRoot?.querySelector(e)??null;if(t){let{get:e,set:t}=typeof r==`object`?n:i??(()=>{let e=Symbol();return{get(){return this[e]},set(t){this[e]=t}}})();return Tt(n,r,{get(){let n=e.call(this);return n===void 0&&(n=a(this),(n!==null||this.hasUpdated)&&t.call(this,n)),n}})}return Tt(n,r,{get(){return a(this)}})}}function Dt(e,t,n){if(e===void 0||t===void 0)return e!==t;if(e.entities!==t.entities||e.devices!==t.devices||e.localize!==t.localize||e.formatEntityState!==t.formatEntityState||e.locale!==t.locale||e.user!==t.user)return!0;for(let r of n)if(e.states[r]!==t.states[r])return!0;return!1}function A(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var Ot=class extends T{constructor(...e){super(...e),this.shown=[],this.readFrom=[]}setConfig(e){let{miners:t}=e;if(t!=null&&!Array.isArray(t))throw Error(`miners must be a list of device ids`);this.config=e}shouldUpdate(e){return[...e.keys()].some(e=>e!==`hass`)?!0:Dt(e.get(`hass`),this.hass,this.shown)}willUpdate(){let{hass:e,config:t}=this;if(e===void 0||t===void 0)return;let n=[e.entities,e.devices,e.language,t];n.every((e,t)=>e===this.readFrom[t])||(this.readFrom=n,this.home=Qe(e,{miners:t.miners??void 0}),this.shown=this.shownOf(this.home))}};A([O({attribute:!1})],Ot.prototype,`hass`,void 0),A([k()],Ot.prototype,`config`,void 0);function j(e,t){return e.flatMap(({entities:e})=>t.flatMap(t=>e[t]??[]))}function kt(e){return`miner-${e}`}var At=[`binary_sensor.hashing`,`binary_sensor.reachable`,`sensor.hashrate`];function jt(e,{subviews:t=!1}){if(t)return y`<a href=${kt(e.id)}>${e.name}</a>`;let n=At.map(t=>e.entities[t]).find(Boolean);return n===void 0?y`${e.name}`:y`<button
    type="button"
    class="link"
    @click=${e=>{e.target&&Xe(e.target,n)}}
  >
    ${e.name}
  </button>`}var Mt={hardware_fault:{icon:`mdi:alert`,tone:`bad`},power_fault:{icon:`mdi:power-plug-off`,tone:`bad`},overheated:{icon:`mdi:thermometer-alert`,tone:`bad`},away:{icon:`mdi:lan-disconnect`,tone:`bad`},not_hashing:{icon:`mdi:alert-circle-outline`,tone:`dubious`},fallback_pool:{icon:`mdi:lifebuoy`,tone:`dubious`}},Nt={hashing:{icon:`mdi:pickaxe`,tone:`good`},not_hashing:{icon:`mdi:sleep`,tone:`calm`},paused:{icon:`mdi:pause-circle-outline`,tone:`calm`},switched_off:{icon:`mdi:power-plug-off-outline`,tone:`calm`},away:{icon:`mdi:lan-disconnect`,tone:`calm`},unknown:{icon:`mdi:help-circle-outline`,tone:`calm`}},Pt=f`
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
`,Ft=`miner-controller-attention-card`,It=class extends Ot{constructor(...e){super(...e),this.connectedWhileHidden=!0}static{this.styles=[Pt,f`
      p,
      h2,
      ul {
        margin: 0;
      }
      p {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 16px;
      }
      h2 {
        padding: 12px 16px 0;
        font-size: 14px;
        font-weight: 500;
        color: var(--secondary-text-color);
      }
      ul {
        padding: 4px 0 8px;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 0 12px;
        padding: 6px 16px;
      }
      li ha-icon {
        grid-row: span 2;
      }
      a,
      .link {
        padding-block: 4px;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .reasons {
        font-size: 14px;
        color: var(--secondary-text-color);
      }
    `]}getCardSize(){return 1}getGridOptions(){return{columns:12,rows:`auto`,min_columns:6}}shownOf({miners:e,fleet:t}){return[...j(e,ht),...j(t?[t]:[],[gt])]}updated(){let e=this.home?.miners.length===0;this.hidden!==e&&(this.hidden=e,Ye(this,`card-visibility-changed`,{value:!e}))}render(){let{hass:e,home:t,config:n}=this;if(e===void 0||!t?.miners.length)return S;let r=a(e.language),i=!n?.miners?.length,{miners:o,fleet:s}=t,c=yt(e,o,{fleet:s,everyMiner:i});return c.length?y`
      <ha-card>
        <h2>${r(`cards.attention.title`)}</h2>
        <ul>
          ${c.map(e=>this.line(e,r))}
        </ul>
      </ha-card>
    `:Lt(o.length,r)}line({name:e,miner:t,reasons:n},r){let[i=`away`]=n,{icon:a,tone:o}=Mt[i],s=n.map(e=>r(`cards.reason.${e}`));return y`
      <li>
        <ha-icon class=${o} icon=${a}></ha-icon>
        <span class="name">
          ${t?jt(t,{subviews:this.config?.subviews}):e}
        </span>
        <span class="reasons">${s.join(` · `)}</span>
      </li>
    `}};function Lt(e,t){return y`
    <ha-card>
      <p>
        <ha-icon class="good" icon="mdi:check-circle-outline"></ha-icon>
        ${e===1?t(`cards.attention.well_one`):t(`cards.attention.well`,{count:e})}
      </p>
    </ha-card>
  `}var Rt={strategy:{type:`custom:miner-controller`}},zt=`miner-controller`;async function Bt(e){let t=await Ht(e),n=await Promise.all(t.map(t=>Ut(e,t)));return t.find((e,t)=>n[t])}async function Vt(e){let t=Wt(new Set((await Ht(e)).map(e=>e.url_path))),{id:n}=await e.callWS({type:`lovelace/dashboards/create`,url_path:t,title:a(e.language)(`cards.create.title`),icon:`mdi:pickaxe`,mode:`storage`,show_in_sidebar:!0,require_admin:!1});try{await e.callWS({type:`lovelace/config/save`,url_path:t,config:Rt})}catch(t){throw await e.callWS({type:`lovelace/dashboards/delete`,dashboard_id:n}).catch(()=>void 0),t}return t}function Ht(e){return e.callWS({type:`lovelace/dashboards/list`})}async function Ut(e,t){try{return(await e.callWS({type:`lovelace/config`,url_path:t.url_path})).strategy?.type===Rt.strategy.type}catch{return!1}}function Wt(e){let t=zt;for(let n=2;e.has(t);n+=1)t=`${zt}-${n}`;return t}var Gt=`miner-controller-create-dashboard`,M=class extends T{constructor(...e){super(...e),this.isMade=!1,this.step=`unasked`}static{this.styles=[Pt,f`
      :host {
        height: auto;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        padding-block: 8px;
      }
      button,
      a {
        min-height: 40px;
        padding: 4px 16px;
        border: none;
        border-radius: 20px;
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 18%, transparent);
        color: var(--primary-text-color);
        font-weight: 500;
        cursor: pointer;
      }
      a {
        display: inline-flex;
        align-items: center;
        box-sizing: border-box;
        text-decoration: none;
      }
      button:hover,
      a:hover {
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 28%, transparent);
      }
      button:disabled {
        opacity: 0.6;
        cursor: default;
      }
      :focus-visible {
        outline-offset: 2px;
        border-radius: 20px;
      }
      p {
        margin: 0;
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `]}shouldUpdate(e){let t=e.get(`hass`);return e.size>1||!e.has(`hass`)||t?.user!==this.hass?.user||t?.language!==this.hass?.language}updated(e){e.has(`isMade`)&&this.isMade&&this.link?.focus(),this.step===`unasked`&&this.hass?.user?.is_admin&&this.look(this.hass)}render(){let{hass:e,existing:t}=this;if(!e?.user?.is_admin)return S;let n=a(e.language);if(t!==void 0)return y`
        <div>
          <p role="status">
            ${n(this.isMade?`cards.create.created`:`cards.create.exists`,{title:t.title})}
          </p>
          <a href="/${t.url_path}" target="_blank" rel="noopener">
            ${n(`cards.create.open`)}
          </a>
        </div>
      `;let r=this.step===`busy`;return y`
      <div>
        <button
          type="button"
          ?disabled=${this.step!==`ready`}
          @click=${()=>void this.create(e)}
        >
          ${n(r?`cards.create.busy`:`cards.create.action`)}
        </button>
        <p role="alert" class="bad">
          ${this.error?n(`cards.create.failed`,{error:this.error}):S}
        </p>
      </div>
    `}async look(e){this.step=`asking`,this.existing=await Bt(e).catch(()=>void 0),this.step=`ready`}async create(e){this.step=`busy`,this.error=void 0;try{let t=await Vt(e),n=a(e.language)(`cards.create.title`);this.existing={title:n,url_path:t},this.isMade=!0}catch(e){this.error=Kt(e),this.step=`ready`}}};A([O({attribute:!1})],M.prototype,`hass`,void 0),A([k()],M.prototype,`existing`,void 0),A([k()],M.prototype,`isMade`,void 0),A([Et(`a`)],M.prototype,`link`,void 0),A([k()],M.prototype,`step`,void 0),A([k()],M.prototype,`error`,void 0);function Kt(e){return typeof e==`object`&&e&&`message`in e?String(e.message):String(e)}function N(e,t){customElements.get(e)||customElements.define(e,t)}function qt(e,{entity_id:t}){let n=t===void 0?void 0:e.entities[t];return n?.platform===`miner_controller`&&n.translation_key===`hashing`}var Jt=`miner-controller-fold-card`,P=class extends T{constructor(...e){super(...e),this.isOpen=!1,this.hasFailed=!1,this.toggle=()=>{this.isOpen=!this.isOpen,this.isOpen&&this.config&&!this.card&&this.makeCard(this.config.card)}}static{this.styles=[Pt,f`
      h2 {
        margin: 0;
        font-size: inherit;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        width: 100%;
        min-height: 48px;
        padding: 8px 16px;
        border: none;
        background: none;
        font-weight: 500;
        text-align: start;
        cursor: pointer;
      }
      button > ha-icon {
        flex: none;
        color: var(--secondary-text-color);
      }
      span {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .chevron {
        transition: transform 150ms;
      }
      [aria-expanded="true"] .chevron {
        transform: rotate(180deg);
      }
      @media (prefers-reduced-motion: reduce) {
        .chevron {
          transition: none;
        }
      }
      .content {
        --ha-card-background: transparent;
        --ha-card-border-width: 0;
        --ha-card-box-shadow: none;
      }
      p {
        margin: 0;
        padding: 0 16px 16px;
      }
    `]}setConfig(e){if(!Yt(e.card))throw Error(`card must be a card`);if(typeof e.title!=`string`)throw Error(`title must be a text`);this.config=e,this.card=void 0,this.isOpen&&this.makeCard(e.card)}async getCardSize(){return this.isOpen?1+(await this.card?.getCardSize?.()??1):1}getGridOptions(){return{columns:12,rows:`auto`,min_columns:6}}shouldUpdate(e){this.card&&this.hass&&(this.card.hass=this.hass);let t=e.get(`hass`);return e.size>1||!e.has(`hass`)||t===void 0}render(){if(this.config===void 0)return S;let{title:e,icon:t}=this.config;return y`
      <ha-card>
        <h2>
          <button
            type="button"
            aria-expanded=${this.isOpen?`true`:`false`}
            aria-controls="content"
            @click=${this.toggle}
          >
            ${t?y`<ha-icon icon=${t}></ha-icon>`:S}
            <span>${e}</span>
            <ha-icon class="chevron" icon="mdi:chevron-down"></ha-icon>
          </button>
        </h2>
        <div class="content" id="content" ?hidden=${!this.isOpen}>
          ${this.hasFailed?this.failure():this.card}
        </div>
      </ha-card>
    `}failure(){return y`<p role="alert">${a(this.hass?.language??`en`)(`cards.fold.failed`)}</p>`}async makeCard(e){try{let t=await window.loadCardHelpers?.();if(this.config?.card!==e)return;let n=t?.createCardElement(e);if(n===void 0)throw Error(`No dashboard is open`);n.addEventListener(`ll-rebuild`,t=>{t.stopPropagation(),this.card===n&&this.makeCard(e)}),this.hass&&(n.hass=this.hass),this.card=n,this.hasFailed=!1}catch{this.hasFailed=!0}}};A([O({attribute:!1})],P.prototype,`hass`,void 0),A([k()],P.prototype,`config`,void 0),A([k()],P.prototype,`isOpen`,void 0),A([k()],P.prototype,`card`,void 0),A([k()],P.prototype,`hasFailed`,void 0);function Yt(e){return typeof e==`object`&&!!e}var Xt=/* @__PURE__ */ new Set([`ArrowDown`,`ArrowUp`,`ArrowLeft`,`ArrowRight`,`Home`,`End`,`PageDown`,`PageUp`]),Zt=class{constructor(){this.isByKey=!1}press(e){if(this.isByKey=Qt(e),this.pending!==void 0)return e.key===`Enter`?`send`:e.key===`Escape`?`give up`:void 0}release(){this.isByKey=!1}pick(e){return this.pending=this.isByKey?e:void 0,this.isByKey?void 0:e}take(){let{pending:e}=this;return this.pending=void 0,this.isByKey=!1,e}};function Qt({key:e,altKey:t,ctrlKey:n,metaKey:r}){return t||n||r||e===` `?!1:Xt.has(e)||/^.$/u.test(e)}var $t=f`
  :host {
    height: var(--feature-height, 42px);
    container-type: inline-size;
    /* What is not a control belongs to the tile, as in the features of others. */
    pointer-events: none !important;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    height: 100%;
  }
  .readings {
    display: flex;
    flex: 1 1 0;
    flex-wrap: wrap;
    align-content: center;
    gap: 0 10px;
    min-width: 0;
    max-height: 100%;
    overflow: hidden;
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
  }
  .readings span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .wrong {
    display: flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    max-width: 100%;
    --mdc-icon-size: 18px;
  }
  .wrong ha-icon {
    flex: none;
  }
  .wrong span {
    color: var(--primary-text-color);
  }
  select {
    flex: 0 1 auto;
    box-sizing: border-box;
    min-width: 72px;
    max-width: 50%;
    height: 100%;
    padding: 0 22px 0 10px;
    border: 1px solid transparent;
    border-radius: var(--feature-border-radius, 12px);
    appearance: none;
    background:
      linear-gradient(45deg, transparent 50%, currentcolor 50%) right 13px center / 5px
        5px no-repeat,
      linear-gradient(-45deg, transparent 50%, currentcolor 50%) right 8px center / 5px
        5px no-repeat,
      color-mix(in srgb, var(--primary-text-color) 8%, transparent);
    font-size: 14px;
    text-overflow: ellipsis;
    pointer-events: auto;
    cursor: pointer;
  }
  select.pending {
    border: 1px dashed var(--primary-text-color, currentcolor);
  }
  select:disabled {
    opacity: 0.5;
    cursor: default;
  }
  option {
    background: var(--card-background-color, Canvas);
    color: var(--primary-text-color, CanvasText);
  }
  @container (max-width: 200px) {
    .row {
      gap: 4px;
    }
    .readings {
      flex-basis: 56px;
      font-size: 12px;
      line-height: 14px;
    }
    .wrong {
      --mdc-icon-size: 14px;
    }
    select {
      min-width: 60px;
      max-width: 60%;
      padding: 0 14px 0 6px;
      background-position:
        right 8px center,
        right 3px center,
        0 0;
      font-size: 12px;
    }
  }
`,en=`miner-controller-readings`,tn=`sensor.hashrate`,nn=`sensor.temperature`,rn=`select.mode`,an=[...ht,tn,nn,rn],F=class extends T{constructor(...e){super(...e),this.choice=new Zt}static{this.styles=[Pt,$t]}static getStubConfig(){return{type:`custom:${en}`}}setConfig(e){this.config=e}shouldUpdate(e){if([...e.keys()].some(e=>e!==`hass`&&e!==`context`)||e.has(`context`)&&e.get(`context`)?.entity_id!==this.context?.entity_id)return!0;let t=this.miner();return Dt(e.get(`hass`),this.hass,[...j(t?[t]:[],an),...j(on(this.hass),[gt])])}willUpdate(e){let t=e.get(`context`);t&&t.entity_id!==this.context?.entity_id&&this.choice.take()}updated(){let e=this.choice.pending??this.wish??this.select?.dataset.mode;this.select&&e!==void 0&&(this.select.value=e)}render(){let{hass:e}=this,t=this.miner();if(e===void 0||t===void 0||!this.config)return S;let n=a(e.language),r=D(e,t,rn);return y`
      <div class="row">
        <div class="readings">
          ${sn(e,t,n)} ${cn(e,t,n)}
        </div>
        ${r?this.modeField(e,t,r,n):S}
      </div>
    `}modeField(e,t,n,r){let i=ut(n)?.state??``,{pending:a}=this.choice,o=a??this.wish??i,s=n.attributes.options,c=Array.isArray(s)?s.filter(e=>typeof e==`string`):[];return y`
      <select
        aria-label=${r(`cards.readings.mode`,{miner:t.name})}
        class=${a===void 0?``:`pending`}
        title=${a===void 0?S:r(`cards.readings.pending`)}
        data-mode=${i}
        ?disabled=${n.state===`unavailable`}
        @pointerdown=${()=>{this.choice.release()}}
        @keyup=${()=>{this.choice.release()}}
        @keydown=${t=>{let r=this.choice.press(t);if(r===void 0)return;t.preventDefault(),t.stopPropagation();let i=this.choice.take();this.requestUpdate(),r===`send`&&this.choose(e,n,i)}}
        @blur=${()=>{let t=this.choice.take();this.requestUpdate(),this.choose(e,n,t)}}
        @change=${({target:t})=>{if(!(t instanceof HTMLSelectElement))return;let r=this.choice.pick(t.value);this.requestUpdate(),this.choose(e,n,r)}}
      >
        ${c.includes(o)?S:y`<option value=${o} disabled selected>–</option>`}
        ${c.map(t=>y`<option value=${t} ?selected=${t===o}>
              ${e.formatEntityState(n,t)}
            </option>`)}
      </select>
      <span class="unseen" role="status">
        ${a===void 0?S:r(`cards.readings.pending`)}
      </span>
    `}async choose(e,{entity_id:t,state:n},r){if(r!==void 0&&r!==(this.wish??n)){this.wish=r;try{await e.callService(`select`,`select_option`,{option:r},{entity_id:t})}catch{}this.wish===r&&(this.wish=void 0)}}miner(){let e=this.context?.entity_id;return this.hass&&e!==void 0?et(this.hass,e):void 0}};A([O({attribute:!1})],F.prototype,`hass`,void 0),A([O({attribute:!1})],F.prototype,`context`,void 0),A([k()],F.prototype,`config`,void 0),A([k()],F.prototype,`wish`,void 0),A([Et(`select`)],F.prototype,`select`,void 0);function on(e){let t=e&&Qe(e).fleet;return t?[t]:[]}function sn(e,t,n){let[r]=on(e),[i]=yt(e,[t],{fleet:r,everyMiner:!1}),a=i?.reasons??[],[o]=a;if(o===void 0)return S;let{icon:s,tone:c}=Mt[o],l=a.slice(1).map(e=>n(`cards.reason.${e}`));return y`<div class="wrong">
    <ha-icon class=${c} icon=${s}></ha-icon>
    <span>${[n(`cards.reason.${o}`),...l].join(` · `)}</span>
  </div>`}function cn(e,t,n){let r=_t(e,t);return r===`away`?S:r===`switched_off`||r===`paused`?y`<span class="calm">${n(`cards.activity.${r}`)}</span>`:[tn,nn].map(n=>{let r=ut(D(e,t,n));return r?y`<span>${e.formatEntityState(r)}</span>`:S})}var ln={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},un=e=>(...t)=>({_$litDirective$:e,values:t}),dn=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},fn={},pn=un(class extends dn{constructor(){super(...arguments),this.ot=fn}render(e,t){return t()}update(e,[t,n]){if(Array.isArray(t)){if(Array.isArray(this.ot)&&this.ot.length===t.length&&t.every((e,t)=>e===this.ot[t]))return x}else if(this.ot===t)return x;return this.ot=Array.isArray(t)?Array.from(t):t,this.render(t,n)}}),{I:mn}=We,hn=e=>e,gn=()=>document.createComment(``),_n=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new mn(r.insertBefore(gn(),i),r.insertBefore(gn(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=hn(e).nextSibling;hn(r).insertBefore(e,i),e=t}}}return n},I=(e,t,n=e)=>(e._$AI(t,n),e),vn={},yn=(e,t=vn)=>e._$AH=t,bn=e=>e._$AH,xn=e=>{e._$AR(),e._$AA.remove()},Sn=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Cn=un(class extends dn{constructor(e){if(super(e),e.type!==ln.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=bn(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=I(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=I(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=I(i[d],a[m]),_n(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=I(i[f],a[p]),_n(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=Sn(o,p,m),u=Sn(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=_n(e,i[d]);I(t,a[p]),c[p]=t}else c[p]=I(n,a[p]),_n(e,i[d],n),i[t]=null;p++}else xn(i[f]),f--}else xn(i[d]),d++;for(;p<=m;){let t=_n(e,c[m+1]);I(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&xn(e)}return this.ut=o,yn(e,c),x}}),wn=[`sensor.hashrate`,`sensor.temperature`,`sensor.power`,`sensor.efficiency`,`select.mode`,`sensor.profit`];function Tn(e,t,n){let r=Object.fromEntries(wn.map(n=>[n,ut(D(e,t,n))]));return{miner:t,activity:_t(e,t),reasons:n,readings:r}}function En(e){return wn.filter(t=>e.some(({entities:e})=>t in e))}function Dn(e,{column:t,descending:n},r){let{compare:i}=new Intl.Collator(r,{numeric:!0}),a=n?-1:1;return[...e].sort((e,n)=>{let[r,o]=[On(e,t),On(n,t)];return r===void 0||o===void 0?Number(r===void 0)-Number(o===void 0):a*(typeof r==`number`&&typeof o==`number`?r-o:i(String(r),String(o)))})}function On(e,t){if(t===`status`)return bt(e.reasons);if(t===`name`)return e.miner.name;let n=e.readings[t];return t===`select.mode`?n?.state:ft(n)}function kn(e,t){let n=t.toLowerCase().split(/\s+/);return e.filter(({miner:e})=>n.every(t=>e.name.toLowerCase().includes(t)))}function An(e,t){return t===`sensor.temperature`?a(e.language)(`cards.table.temperature`):pt(e,t)}function jn(e){return e.replace(/^\w+\./,``)}var Mn=f`
  p {
    margin: 0;
    padding: 16px;
  }
  .container {
    container-type: inline-size;
    padding: 4px 8px 8px;
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    box-sizing: border-box;
    padding: 4px 8px;
    text-align: end;
    font-weight: normal;
  }
  td {
    white-space: nowrap;
  }
  td.mode {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .hashrate {
    width: max(92px, 11cqi);
  }
  .temperature {
    width: max(104px, 11cqi);
  }
  .power {
    width: max(80px, 10cqi);
  }
  .efficiency {
    width: max(96px, 10cqi);
  }
  .mode {
    width: max(96px, 11cqi);
  }
  .profit {
    width: max(126px, 13cqi);
  }
  th.name,
  td.mode,
  th.mode {
    text-align: start;
  }
  .status {
    width: 44px;
    padding-inline: 8px 4px;
    text-align: center;
    --mdc-icon-size: 20px;
  }
  tbody .name {
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .name a,
  .name .link {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    margin-block: 6px;
    /* Room for the line beneath, which is cut off otherwise. */
    line-height: 20px;
  }
  tbody tr {
    border-top: 1px solid var(--divider-color, #8884);
  }
  tbody tr:hover {
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  thead th {
    padding: 0;
    vertical-align: bottom;
  }
  thead button {
    display: flex;
    flex-direction: row-reverse;
    align-items: center;
    box-sizing: border-box;
    width: 100%;
    min-height: 44px;
    padding: 4px 8px;
    border: none;
    background: none;
    color: var(--secondary-text-color);
    font-size: 12px;
    font-weight: 500;
    text-align: end;
    cursor: pointer;
    --mdc-icon-size: 14px;
  }
  thead .name button,
  thead .mode button {
    flex-direction: row;
    text-align: start;
  }
  thead .status button {
    justify-content: center;
  }
  thead ha-icon {
    flex: none;
    margin-inline: 2px;
  }
  [aria-sort] button {
    color: var(--primary-text-color);
  }
  .unsorted {
    visibility: hidden;
  }
  thead button:is(:hover, :focus-visible) .unsorted,
  thead .status .unsorted {
    visibility: visible;
    opacity: 0.5;
  }
  .filter {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 12px 16px 0;
  }
  .filter input {
    flex: 1 1 160px;
    box-sizing: border-box;
    min-width: 0;
    height: 44px;
    padding: 0 12px;
    border: 1px solid var(--divider-color, #8888);
    border-radius: 8px;
    background: none;
    font-size: 16px;
  }
  .filter span {
    font-size: 12px;
  }
  @container (max-width: 800px) {
    .efficiency,
    .profit {
      display: none;
    }
  }
  @container (max-width: 560px) {
    .power,
    .mode {
      display: none;
    }
    .status {
      width: 32px;
    }
    .temperature {
      width: 92px;
    }
    th,
    td,
    thead button {
      padding-inline: 4px;
    }
  }
`,Nn=`miner-controller-table-card`,Pn=16,Fn=[...ht,...wn],In=class extends Ot{constructor(...e){super(...e),this.order={column:`status`,descending:!1},this.words=``,this.rows=/* @__PURE__ */ new Map}static{this.styles=[Pt,Mn]}static getStubConfig(){return{}}static getConfigForm(){return{schema:[{name:`miners`,selector:{device:{multiple:!0,filter:{integration:E},entity:{domain:`binary_sensor`,device_class:`running`}}}}],computeLabel:(e,t)=>t(`component.${E}.entity.sensor.miners_total.name`)}}setConfig(e){let{columns:t}=e;if(t!=null&&!Array.isArray(t))throw Error(`columns must be a list of readings`);super.setConfig(e),this.columns=t??void 0}getCardSize(){return 1+Math.ceil((this.home?.miners.length??3)*.9)}getGridOptions(){return{columns:`full`,rows:`auto`,min_columns:6}}shownOf({miners:e,fleet:t}){return[...j(e,Fn),...j(t?[t]:[],[gt])]}update(e){e.has(`hass`)&&e.get(`hass`)?.formatEntityState!==this.hass?.formatEntityState&&this.rows.clear();let t=this.shadowRoot?.activeElement?.closest(`tr`);this.focused=t?.dataset.miner,super.update(e)}updated(){this.focused===void 0||this.shadowRoot?.activeElement||[...this.renderRoot.querySelectorAll(`tr`)].find(({dataset:e})=>e.miner===this.focused)?.querySelector(`a, button`)?.focus({preventScroll:!0})}render(){let{hass:e,home:t}=this;if(e===void 0||t===void 0)return S;let n=a(e.language),{miners:r}=t;if(!r.length)return y`<ha-card><p class="calm">${n(`cards.table.none`)}</p></ha-card>`;let i=this.columns?wn.filter(e=>this.columns?.includes(e)):En(r),o=Dn(kn(this.rowsOf(e,t),r.length<Pn?``:this.words),this.order,e.language);return y`
      <ha-card>
        ${r.length<Pn?S:this.filterField(e,o.length)}
        <div class="container">
          <table>
            <caption class="unseen">
              ${n(`cards.table.caption`)}
            </caption>
            <thead>
              <tr>
                ${this.header(`status`,n(`cards.table.status`))}
                ${this.header(`name`,n(`cards.table.miner`))}
                ${i.map(t=>this.header(t,An(e,t)))}
              </tr>
            </thead>
            <tbody>
              ${Cn(o,({miner:e})=>e.id,t=>pn([t,i.join(),this.config?.subviews],()=>this.line(e,t,i)))}
            </tbody>
          </table>
        </div>
      </ha-card>
    `}filterField(e,t){let n=a(e.language),r=this.home?.miners.length??0;return y`
      <div class="filter">
        <input
          type="search"
          aria-label=${n(`cards.table.filter`)}
          placeholder=${n(`cards.table.filter`)}
          .value=${this.words}
          @input=${({target:e})=>{e instanceof HTMLInputElement&&(this.words=e.value)}}
        />
        <span class="calm" role="status">
          ${n(`cards.table.found`,{shown:t,total:r})}
        </span>
      </div>
    `}header(e,t){let{descending:n}=this.order,r=this.order.column===e,i=n?`descending`:`ascending`;return y`
      <th
        scope="col"
        class=${jn(e)}
        aria-sort=${r?i:S}
      >
        <button
          type="button"
          @click=${()=>{this.sortBy(e)}}
        >
          <span class=${e===`status`?`unseen`:``}>${t}</span>
          <ha-icon
            class=${r?``:`unsorted`}
            icon=${r&&n?`mdi:arrow-down`:`mdi:arrow-up`}
          ></ha-icon>
        </button>
      </th>
    `}sortBy(e){let t=this.order.column===e?!this.order.descending:e.startsWith(`sensor.`);this.order={column:e,descending:t}}line(e,{miner:t,activity:n,reasons:r,readings:i},o){let s=a(e.language),[c]=r,{icon:l,tone:u}=c?Mt[c]:Nt[n],d=r.length?r.map(e=>s(`cards.reason.${e}`)).join(`, `):s(`cards.activity.${n}`);return y`
      <tr data-miner=${t.id}>
        <td class="status ${u}" title=${d}>
          <ha-icon icon=${l}></ha-icon><span class="unseen">${d}</span>
        </td>
        <th scope="row" class="name" title=${t.name}>
          ${jt(t,{subviews:this.config?.subviews})}
        </th>
        ${o.map(t=>{let n=i[t];return y`<td class=${jn(t)}>
            ${n?e.formatEntityState(n):y`<span aria-hidden="true" class="calm">–</span
                    ><span class="unseen">${s(`cards.unknown`)}</span>`}
          </td>`})}
      </tr>
    `}rowsOf(e,{miners:t,fleet:n}){let r=yt(e,t,{fleet:n,everyMiner:!1}),i=new Map(r.map(e=>[e.miner?.id,e.reasons]));return t.map(t=>this.rowKept(e,t,i.get(t.id)??[]))}rowKept(e,t,n){let r=[t,n.join(),...Fn.map(n=>e.states[t.entities[n]??``])],i=this.rows.get(t.id);if(i?.from.every((e,t)=>e===r[t]))return i.row;let a=Tn(e,t,n);return this.rows.set(t.id,{from:r,row:a}),a}};A([k()],In.prototype,`order`,void 0),A([k()],In.prototype,`words`,void 0),N(Nn,In),N(Ft,It),N(Jt,P),N(en,F),N(Gt,M);var Ln=a(document.documentElement.lang);Rn(window.customCards??=[],{type:Nn,name:Ln(`cards.table.name`),description:Ln(`cards.table.description`),preview:!0,documentationURL:`https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md`}),Rn(window.customCardFeatures??=[],{type:en,name:Ln(`cards.readings.name`),isSupported:qt,configurable:!1});function Rn(e,t){e.some(({type:e})=>e===t.type)||e.push(t)}var L=6e4,zn=60*L,Bn=24*zn,Vn=/* @__PURE__ */ new Map;function Hn(e){let t=Vn.get(e);return t===void 0&&(t=new Intl.DateTimeFormat(`en-US`,{timeZone:e,hourCycle:`h23`,year:`numeric`,month:`numeric`,day:`numeric`,hour:`numeric`,minute:`numeric`}),Vn.set(e,t)),t}function R(e,t){let n=new Map(Hn(t).formatToParts(e).map(({type:e,value:t})=>[e,Number(t)])),r=e=>n.get(e)??0;return{year:r(`year`),month:r(`month`),day:r(`day`),hour:r(`hour`),minute:r(`minute`)}}function Un(e,t){let{year:n,month:r,day:i,hour:a,minute:o}=R(e,t);return Date.UTC(n,r-1,i,a,o)}function Wn(e,t){return Un(e,t)-Math.floor(e/L)*L}function Gn(e,t){let n=z(e,t,1)-L;return Wn(z(e,t),t)!==Wn(n,t)}function Kn(e,t){let[n=e,r=e]=[e-Bn,e+Bn].map(n=>e-(Un(n,t)-n)).sort((e,t)=>e-t);return Un(n,t)>=e?n:r}function z(e,t,n=0){let{year:r,month:i,day:a}=R(e,t);return Kn(Date.UTC(r,i-1,a+n),t)}function qn(e,t,n,r=0){let{year:i,month:a,day:o}=R(e,t);return Kn(Date.UTC(i,a-1,o+r,n),t)}function Jn(e,t,n){let r=[];for(let i=e.start;i<e.end;i+=zn/2){let{hour:e,minute:a}=R(i,t);a===0&&e%n===0&&r.push(i)}return r}function Yn(e,t){let n=Math.max(e.start,t.start),r=Math.min(e.end,t.end);return n<r?{start:n,end:r}:void 0}var Xn=[`today`,`tomorrow`,`48h`];function Zn(e,t,n){let[r=t,i=t,a=t]=[0,1,2].map(e=>z(t,n,e)),o=[{start:r,end:i},{start:i,end:a}];return e===`48h`?o:e===`today`?o.slice(0,1):o.slice(1)}function Qn(e,t){let n=[],r=t.start;for(let{start:i,end:a}of e)if(i>r&&n.push({start:r,end:Math.min(i,t.end)}),r=Math.max(r,a),r>=t.end)return n;return r<t.end&&n.push({start:r,end:t.end}),n}var $n=`Europe/London`,er=16;function tr(e,t){return t===`GBP`?qn(R(e,$n).hour===23?e+zn:e,$n,er,-1):void 0}var nr=ar(e=>or(e,({price:e},t)=>typeof e==`number`&&Number.isFinite(e)?{...t,price:e}:void 0)),rr=ar(e=>or(e,({mode:e},t)=>typeof e==`string`&&e!==``?{...t,mode:e}:void 0)),ir=ar(e=>or(e,(e,t)=>t));function ar(e){let t=/* @__PURE__ */ new WeakMap;return n=>{if(!Array.isArray(n))return[];let r=t.get(n)??e(n);return t.set(n,r),r}}function or(e,t){let n=[];for(let r of e){if(typeof r!=`object`||!r)continue;let e=r,i=sr(e.start),a=sr(e.end);if(!(i<a))continue;let o=t(e,{start:i,end:a});o!==void 0&&n.push(o)}n.sort((e,t)=>e.start-t.start);let r=-1/0;return n.filter(({start:e,end:t})=>e<r?!1:(r=t,!0))}function sr(e){return typeof e==`string`?Date.parse(e):NaN}function cr(e,t){return e.flatMap(e=>{let n=Yn(e,t);return n===void 0?[]:[{...e,...n}]})}function lr(e,t,n){let r=[];for(let i of n){let n=t*L,a,o=()=>{if(a===void 0)return;let{start:e,end:t,sum:n,prices:i}=a,o=n/(t-e);r.push({start:e,end:t,price:o,isAverage:i.size>1}),a=void 0};for(let t of cr(e,i)){let e=t.start;for(;e<t.end;){let r=Math.floor((e-i.start)/n),s=Math.min(t.end,i.start+(r+1)*n);(a?.cell!==r||a.end!==e)&&o(),a??={cell:r,start:e,end:e,sum:0,prices:/* @__PURE__ */ new Set},a.prices.add(t.price),a.sum+=t.price*(s-e),a.end=s,e=s}}o()}return r}function ur(e,t,n){let r=[];for(let{start:n,end:i,mode:a}of cr(e,t)){let e=r.at(-1);e?.end===n&&e.mode===a?e.end=i:r.push({start:n,end:i,mode:a})}let i={start:Math.max(n,t.start),end:t.end},a=Qn(cr(r,i),i);return[...r,...a.map(e=>({...e,mode:void 0}))].sort((e,t)=>e.start-t.start)}function dr(e,t){if(e===`off`)return 0;let n=t.filter(e=>e!==`off`),r=n.indexOf(e);return r<0||n.length<2?1:(r+1)/n.length}var fr=[`negative`,`below_all`,`below_some`,`above_all`,`cheap`,`ordinary`,`dear`];function pr(e,t){let n=(e.length-1)*t,r=e[Math.floor(n)]??NaN;return r+((e[Math.ceil(n)]??NaN)-r)*(n-Math.floor(n))}function mr(e,t){if(t.length>0){let e=Math.min(...t),n=Math.max(...t);return t=>t<0?`negative`:t<e?`below_all`:t<n?`below_some`:`above_all`}let n=[...e].sort((e,t)=>e-t),r=pr(n,.25),i=pr(n,.75);return e=>e<0?`negative`:r<i?e<=r?`cheap`:e>=i?`dear`:`ordinary`:`ordinary`}var hr=2.5,gr=.95,_r=.2,vr=1.6;function yr(e,t){let n=e.map(Math.abs).sort((e,t)=>e-t),r=n.length>0?pr(n,gr)*hr:0,i=e.filter(e=>Math.abs(e)<=r),a=Math.max(0,...i),o=Math.min(0,...i),s=Math.max(a,-o)*vr;for(let e of t)e<=s&&(a=Math.max(a,e));let c=e.some(e=>e>r);return c&&(a=Math.max(a,-o*_r)),e.some(e=>e<-r)&&(o=Math.min(o,-a*_r)),a===o&&(a=Math.max(...t,0)||1),br(o,a*(c?1.25:1.08))}function br(e,t){let n=xr((t-e)/5),r=n/4,i=-Math.ceil(-e/r)*r,a=Math.ceil(t/r)*r,o=[];for(let e=Math.ceil(i/n-1e-9);e*n<=a+n*1e-9;e++)o.push(e===0?0:e*n);return{low:i===0?0:i,high:a,ticks:o}}function xr(e){let t=10**Math.floor(Math.log10(e));return([1,2,5].find(n=>n*t>=e*.999)??10)*t}function Sr(e,t,n,r,i){let a=Zn(t,r,i),o={start:a[0]?.start??r,end:a.at(-1)?.end??r},s=n===void 0?cr(e.slots,o):lr(e.slots,n,a),c=s.map(({price:e})=>e),l=Cr(e.miners),u=l.map(({price:e})=>e),d=mr(c,u);return{span:o,days:a,now:r,bars:s.map(e=>({...e,meaning:d(e.price)})),unknowns:wr(s,o,r,e.unit.currency),windows:e.windows.map(({name:e,periods:t})=>({name:e,periods:cr(t,o)})).filter(({periods:e})=>e.length>0),lanes:e.miners.flatMap(({name:e,plan:t})=>t?[{miner:e,plan:t,runs:ur(t.slots,o,r)}]:[]),breakEvens:l,scale:yr(c,u)}}function Cr(e){return e.flatMap(({name:e,breakEven:t})=>t===void 0?[]:[{miner:e,price:t}]).sort((e,t)=>e.price-t.price)}function wr(e,t,n,r){return Qn(e,t).map(e=>{let t=tr(e.start,r),i=t!==void 0&&t>n;return{...e,publication:i?t:void 0}})}function Tr(e,t){let{current:n,slots:r}=t;return n===void 0?void 0:mr((e.span.start<=e.now&&e.now<e.span.end?e.bars:r).map(({price:e})=>e),e.breakEvens.map(({price:e})=>e))(n)}function Er(e,t){return e.windows.filter(({periods:e})=>e.some(e=>Yn(e,t)!==void 0)).map(({name:e})=>e)}function Dr(e,t){let n=e.runs.filter(e=>Yn(e,t)!==void 0).map(({mode:e})=>e);return[...new Set(n)]}function Or(e,t,n){let r=e.filter(({end:e})=>e>t),[i]=r;if(i===void 0||i.start>t)return;let a=n(i.price),o=i.start;for(let e of r){if(e.start>o)return;if(n(e.price)!==a)return e;o=e.end}}var kr=6;function Ar(e){return`price`in e}function jr({bars:e,unknowns:t}){return[...e,...t].sort((e,t)=>e.start-t.start)}function Mr(e,{format:t,unit:n}){return`${t.amount(e,n)} ${n.whole}`.trimEnd()}function Nr({price:e,isAverage:t},n){let r=Mr(e,n);return t?n.text(`price_card.average`,{price:r}):r}function Pr(e,{format:t,unit:n}){return`${t.amount(e,n)} ${n.short}`.trimEnd()}function Fr(e,t,{text:n}){let r=t.length===1;return n(r&&e===`below_all`?`price_card.meaning_below_one`:r&&e===`above_all`?`price_card.meaning_above_one`:`price_card.meaning_${e}`)}function Ir(e,t,n){let{text:r,format:i}=n,{publication:a}=e;return a===void 0?r(e.start<=t?`price_card.no_price`:`price_card.not_published`):r(`price_card.published_about`,{time:(a<z(t,i.zone,1)?i.time:i.dayTime)(a)})}function Lr(e,t,n){return t===void 0?e.plan.hasProblem?n.hass.formatEntityAttributeValue(e.plan.state,`problem`):n.text(`price_card.no_plan`):n.hass.formatEntityState(e.plan.state,t)}function Rr(e,t,{format:n}){let{start:r,end:i}=t,a=e.days.length>1,o=a&&i>z(r,n.zone,1),s=(a?n.dayTime:n.time)(r),c=(o?n.dayTime:n.time)(i),l=n.zoneName(r);if(l===``)return`${s}–${c}`;let u=n.zoneName(i)||n.zoneName(i-1);return l===u||u===``?`${s}–${c} ${l}`:`${s} ${l}–${c} ${u}`}function zr(e,t,n){let r=e.lanes.flatMap(e=>{let r=Dr(e,t);if(!r.some(e=>e!==void 0||Ar(t)))return[];let i=r.map(t=>Lr(e,t,n)).join(`, `);return[{miner:e.miner,mode:i}]}),i=r.length-kr;return{when:Rr(e,t,n),price:Ar(t)?Nr(t,n):Ir(t,e.now,n),meaning:Ar(t)?Fr(t.meaning,e.breakEvens,n):``,windows:Er(e,t),plans:r.slice(0,kr),more:i>0?n.text(`price_card.and_more`,{count:i}):``}}function Br({when:e,price:t,meaning:n,windows:r,plans:i,more:a}){return[e,t,n,...r,...i.map(({miner:e,mode:t})=>`${e}: ${t}`),a].filter(e=>e!==``).join(`, `)}function Vr(e,t){let{text:n}=t,[r]=e.bars;if(r===void 0)return n(`price_card.summary_empty`);let i=e.bars.reduce((e,t)=>t.price<e.price?t:e,r),a=e.bars.reduce((e,t)=>t.price>e.price?t:e,r);return n(`price_card.summary`,{lowest:Nr(i,t),lowest_when:Rr(e,i,t),highest:Nr(a,t),highest_when:Rr(e,a,t)})}function Hr(e,t){let n=/* @__PURE__ */ new Map;for(let r of e.lanes)for(let e of new Set(r.runs.map(e=>e.mode))){if(e===void 0)continue;let i=Lr(r,e,t),a=dr(e,r.plan.modes);n.set(i,[...n.get(i)??[],a])}let r=[...n].map(([e,t])=>[e,Wr(Ur(t))]);return new Map(r.sort(([,e],[,t])=>e-t))}function Ur(e){return e.reduce((e,t)=>e+t,0)/e.length}function Wr(e){return e===0?0:Math.round(15+55*e)}function Gr(e,t,n){let{span:r,scale:i}=e,{left:a,top:o,height:s}=n,c=Math.max(a+1,t-n.right),l=(c-a)/(r.end-r.start),u=s/(i.high-i.low);return{left:a,right:c,top:o,bottom:o+s,x:e=>a+(e-r.start)*l,y:e=>o+(i.high-Math.min(i.high,Math.max(i.low,e)))*u,timeAt:e=>r.start+(e-a)/l}}var Kr=[1,2,3,4,6,12];function qr(e,t,n){let r=(e.right-e.left)/((t.span.end-t.span.start)/zn);return Kr.find(e=>e*r>=n)??24}var Jr=14;function Yr(e,t){let n=[];for(let{miner:r,price:i}of e.breakEvens){let a=n.at(-1),o=i>e.scale.high||i<e.scale.low;a!==void 0&&t.y(a.high)-t.y(i)<Jr?(a.miners.push(r),a.high=i,a.isOff&&=o):n.push({miners:[r],low:i,high:i,isOff:o})}return n}var Xr=b`<defs>
  <pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="wash" width="5" height="5" /><rect class="ink" width="2" height="5" />
  </pattern>
  <pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">
    <rect class="wash" width="5" height="5" />
    <circle class="ink" cx="1.2" cy="1.2" r="1.1" /><circle class="ink" cx="3.7" cy="3.7" r="1.1" />
  </pattern>
  <pattern id="haze" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
    <rect class="haze-line" width="1" height="7" />
  </pattern>
</defs>`,Zr={above_all:`url(#stripes)`,dear:`url(#stripes)`,below_some:`url(#dots)`};function Qr(e){return Zr[e]??S}function $r(e,t,n=2){return b`${e.bars.map(r=>ei(r,e,t,n))}`}function ei(e,t,n,r){let i=n.x(e.start),a=n.x(e.end)-i,o=a>7?1.5:+(a>3),s=Math.max(a-o,.75),c=n.y(0),l=n.y(e.price),u=Math.max(Math.abs(c-l),1.5),d=e.price<0?c:c-u,f=e.end<=t.now?`past`:``;return b`<rect class="bar ${e.meaning} ${f}" fill=${Qr(e.meaning)}
    x=${i+o/2} y=${d} width=${s} height=${u}
    rx=${Math.min(r,s/3,u/2)} />`}function ti(e,t,n){let{low:r,high:i}=e.scale,a=e.bars.filter(({price:e})=>e>i||e<r),o=-1/0;return b`${a.map(e=>{let r=t.x(e.start),a=t.x(e.end),s=e.price>i,c=s?t.top+10:t.bottom-10,l=Math.min(Math.max((r+a)/2,t.left+22),t.right-22),u=l-o>56;u&&(o=l);let d=Pr(e.price,n);return b`<path class="cut" d="M${r-1} ${c+2}L${a+1} ${c-3}" />
      ${u?b`<text class="value" text-anchor="middle" x=${l}
              y=${s?t.top-4:t.bottom+11}>${d}</text>`:S}`})}`}function ni(e,t,n){return b`${e.unknowns.map(r=>{let i=t.x(r.start),a=t.x(r.end)-i,o=Ir(r,e.now,n);return b`<rect class="unknown" x=${i} y=${t.top} width=${a}
        height=${t.bottom-t.top} rx="4" fill="url(#haze)" />
      ${ai(o,a)?b`<text class="unknown-text" text-anchor="middle"
              x=${i+a/2} y=${ri(e,t)}>${o}</text>`:S}`})}`}function ri({breakEvens:e},t){return[.5,.25,.75,.12,.9].map(e=>t.top+(t.bottom-t.top)*e).find(n=>e.every(({price:e})=>Math.abs(t.y(e)-n+6)>18))??t.top+12}function ii(e){return e.length*6.2}function ai(e,t){return ii(e)+10<=t}function oi(e,t,n){if(!e.bars.length&&!e.breakEvens.length)return b``;let{ticks:r}=e.scale;return b`${r.map(e=>{let r=t.y(e);return b`<line class=${e===0?`zero`:`grid`}
        x1=${t.left} x2=${t.right} y1=${r} y2=${r} />
      <text class="axis" text-anchor="end" x=${t.left-6} y=${r+3.5}>${si(e,n)}</text>`})}
  <text class="axis" x="0" y="10">${n.unit.whole}</text>`}function si(e,{format:t,unit:n}){return t.round(e*n.factor)}function ci(e,t,n,r){let{format:i}=r,a=qr(t,e,i.usesAmPm?46:26);return b`${Jn(e.span,i.zone,a).map(e=>{let r=t.x(e);return b`<line class="grid" x1=${r} x2=${r} y1=${t.bottom} y2=${t.bottom+3} />
      <text class="axis" text-anchor="middle" x=${r} y=${n}>${i.hour(e)}</text>`})}
  ${e.days.map(({start:e,end:r},a)=>{let o=t.x(e);return b`${a>0?b`<line class="midnight" x1=${o} x2=${o} y1=${t.top} y2=${n-12} />`:S}
      <text class="day" text-anchor="middle" x=${(o+t.x(r))/2} y=${n+15}>${i.day(e)}</text>`})}`}function li(e,t,n){return b`${e.windows.slice(0,4).map(({periods:e},r)=>e.map(({start:e,end:i})=>b`<rect class="window" rx="2.5"
        x=${t.x(e)+.5} y=${n+r*8+1}
        width=${Math.max(t.x(i)-t.x(e)-1,1)} height=${5} />`))}`}function ui({span:e,now:t},n,r){if(t<e.start||t>=e.end)return S;let i=n.x(t);return b`<line class="now" x1=${i} x2=${i} y1=${n.top-4} y2=${r} />
    <circle class="now" cx=${i} cy=${n.top-5} r="3.5" />`}var di=4,fi=18;function pi(e,t,n){let{breakEvens:r,scale:i}=e,[a]=r,o=r.at(-1);if(a===void 0||o===void 0)return S;if(r.length>di){let s={miners:r.map(({miner:e})=>e),low:a.price,high:o.price,isOff:a.price>i.high||o.price<i.low},c=t.y(o.price);return b`<rect class="break-even-band" x=${t.left} y=${c}
        width=${t.right-t.left} height=${Math.max(t.y(a.price)-c,2)} />
      ${mi(s,e,t,n)}`}return b`${r.filter(({price:e})=>e<=i.high&&e>=i.low).map(({price:e})=>{let n=t.y(e);return b`<line class="break-even" x1=${t.left} x2=${t.right} y1=${n} y2=${n} />`})}
  ${Yr(e,t).map(r=>mi(r,e,t,n))}`}function mi(e,t,n,r){let i=hi(e,t,r),a=n.y(e.high),o=a-n.top<12,s=gi(e.high,ii(i),t,n);return b`<text class="break-even-text" text-anchor=${s?`start`:`end`}
    x=${s?n.left+4:n.right-4} y=${o?a+11:a-4}>${i}</text>`}function hi({miners:e,low:t,high:n,isOff:r},{breakEvens:i},a){let o=a.format.amount(t,a.unit),s=Pr(n,a),c=a.format.amount(n,a.unit)===o?s:`${o}–${s}`,[l=``]=e,u=i.length>1&&e.length===1?`${_i(l)} ${c}`:a.text(`price_card.break_even`,{price:c});return r?`${t>0?`↑`:`↓`} ${u}`:u}function gi(e,t,n,r){let i=(t,i)=>n.bars.filter(n=>n.price>e&&r.x(n.end)>t&&r.x(n.start)<i).length;return i(r.left,r.left+t)<i(r.right-t,r.right)}function _i(e){let t=Array.from(e);return t.length>fi?`${t.slice(0,17).join(``)}…`:e}var vi=f`
  :host {
    --price-negative: var(--light-blue-color, #03a9f4);
    --price-low: var(--success-color, #43a047);
    --price-mixed: var(--amber-color, #ffc107);
    --price-high: var(--deep-orange-color, #ff6f22);
    --price-ordinary: var(--blue-grey-color, #607d8b);
    /* A card's own background may be a gradient or none, which can not be mixed. */
    --price-card: var(--card-background-color, var(--primary-background-color, #fff));
    --price-text: var(--primary-text-color, #212121);
    --price-quiet: var(--secondary-text-color, #727272);
    --price-line: var(--divider-color, rgba(127, 127, 127, 0.25));
    --price-mode: var(--primary-color, #009ac7);
  }
  .bar.negative {
    fill: var(--price-negative);
  }
  .bar.below_all,
  .bar.cheap {
    fill: var(--price-low);
  }
  .bar.ordinary {
    fill: color-mix(in srgb, var(--price-ordinary) 45%, var(--price-card));
  }
  .bar.past {
    opacity: 0.4;
  }
  #stripes .wash {
    fill: color-mix(in srgb, var(--price-high) 38%, var(--price-card));
  }
  #stripes .ink {
    fill: var(--price-high);
  }
  #dots .wash {
    fill: color-mix(in srgb, var(--price-mixed) 80%, var(--price-card));
  }
  #dots .ink {
    fill: color-mix(in srgb, var(--price-mixed) 45%, #000);
  }
  .haze-line {
    fill: var(--price-quiet);
    opacity: 0.25;
  }
  .unknown {
    stroke: var(--price-line);
  }
  .window {
    fill: color-mix(in srgb, var(--price-low) 18%, transparent);
    stroke: var(--price-low);
    stroke-width: 1.5;
    stroke-dasharray: 1.5 2;
    stroke-linecap: round;
  }
  .cut {
    fill: none;
    stroke: var(--price-card);
    stroke-width: 3;
  }
  .run {
    box-sizing: border-box;
    border-radius: 4px;
    background: color-mix(in srgb, var(--price-mode) var(--tone), var(--price-card));
  }
  .run.off {
    background: none;
    border: 1px solid var(--price-line);
  }
`,yi=[vi,f`
    :host {
      display: block;
      min-width: 0;
    }
    figure {
      position: relative;
      margin: 0;
      /* Time goes from left to right, also where text does not. */
      direction: ltr;
    }
    figcaption {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    svg {
      display: block;
      font-size: 11px;
      font-family: inherit;
    }
    .plot {
      outline: none;
      border-radius: 6px;
      touch-action: pan-y;
      cursor: crosshair;
    }
    .plot:focus-visible {
      outline: 2px solid var(--price-mode);
      outline-offset: 3px;
    }
    .axis {
      fill: var(--price-quiet);
    }
    .day {
      fill: var(--price-text);
      font-weight: 500;
    }
    .grid {
      stroke: var(--price-line);
    }
    .zero {
      stroke: var(--price-quiet);
    }
    .midnight {
      stroke: var(--price-quiet);
      stroke-dasharray: 2 3;
    }
    .unknown-text {
      fill: var(--price-text);
      font-size: 12px;
      paint-order: stroke;
      stroke: var(--price-card);
      stroke-width: 5px;
      stroke-linejoin: round;
    }
    .break-even {
      stroke: var(--price-text);
      stroke-width: 1.25;
      stroke-dasharray: 6 3;
    }
    .break-even-band {
      fill: color-mix(in srgb, var(--price-text) 7%, transparent);
      stroke: var(--price-text);
      stroke-width: 0.75;
      stroke-dasharray: 6 3;
    }
    .break-even-text,
    .value {
      fill: var(--price-text);
      font-weight: 500;
      paint-order: stroke;
      stroke: var(--price-card);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    line.now {
      stroke: var(--price-text);
      stroke-width: 2;
    }
    circle.now {
      fill: var(--price-text);
    }
    .lane .now {
      position: absolute;
      top: -2px;
      bottom: -2px;
      width: 2px;
      margin-left: -1px;
      background: var(--price-text);
    }
    .asked {
      position: absolute;
      top: 14px;
      bottom: 0;
      pointer-events: none;
      background: color-mix(in srgb, var(--price-text) 12%, transparent);
      border-radius: 3px;
    }
    .lane-name {
      margin-top: 6px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: 12px;
      line-height: 16px;
      color: var(--price-quiet);
    }
    .lane {
      position: relative;
      height: 18px;
    }
    .run {
      position: absolute;
      height: 18px;
      overflow: hidden;
      text-align: center;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: 11px;
      line-height: 18px;
      color: var(--price-text);
    }
    .run.off {
      line-height: 16px;
      color: var(--price-quiet);
    }
    .run.none {
      color: var(--price-quiet);
      background: repeating-linear-gradient(
        -45deg,
        var(--price-line) 0 1px,
        transparent 1px 6px
      );
    }
    .more {
      margin: 8px 0 0;
      padding: 4px 0;
      border: none;
      background: none;
      font: inherit;
      color: var(--price-mode);
      cursor: pointer;
    }
    .tooltip {
      position: absolute;
      z-index: 2;
      top: 8px;
      box-sizing: border-box;
      min-width: 120px;
      padding: 8px 10px;
      border: 1px solid var(--price-line);
      border-radius: 8px;
      /* The card's colour may be translucent: beneath it is one that is not. */
      background-color: var(--primary-background-color, #fff);
      background-image: linear-gradient(var(--price-card), var(--price-card));
      box-shadow: 0 2px 8px rgba(0, 0, 0, 0.25);
      color: var(--price-text);
      font-size: 12px;
      line-height: 1.4;
      pointer-events: none;
      overflow-wrap: anywhere;
    }
    .when {
      color: var(--price-quiet);
    }
    .tooltip .price {
      font-size: 15px;
      font-weight: 500;
    }
    .in-window {
      color: var(--price-low);
    }
    dl {
      margin: 4px 0 0;
      padding-top: 4px;
      border-top: 1px solid var(--price-line);
    }
    .plan {
      display: flex;
      justify-content: space-between;
      gap: 10px;
    }
    dt {
      flex: 1 1 40%;
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      color: var(--price-quiet);
    }
    dd {
      flex: 0 1 auto;
      max-width: 60%;
      margin: 0;
      text-align: end;
    }
  `],bi=6;function xi(e,t,n,r,i,a){let{lanes:o}=e;if(o.length===0)return S;let s=o.length>7,c=s&&!i?o.slice(0,bi):o,{text:l}=t;return y`<div class="lanes" aria-hidden="true">
      ${c.map(i=>Si(i,e,t,n,r))}
    </div>
    ${s?y`<button
            type="button"
            class="more"
            aria-expanded=${i}
            @click=${a}
          >
            ${i?l(`price_card.fewer_plans`):l(`price_card.more_plans`,{count:o.length})}
          </button>`:S}`}function Si(e,{span:t,now:n},r,i,a){return y`<div class="lane-name" style="margin-left:${i.left}px">
      ${e.miner}
    </div>
    <div class="lane">
      ${e.runs.map(t=>Ci(t,e,r,i,a))}
      ${t.start<=n&&n<t.end?y`<div class="now" style="left:${i.x(n)}px"></div>`:S}
    </div>`}function Ci(e,t,n,r,i){let a=r.x(e.start),o=Math.max(r.x(e.end)-a-1,1),s=Lr(t,e.mode,n),c=e.mode===void 0?0:i.get(s)??0;return y`<div
    class="run ${e.mode===void 0?`none`:c===0?`off`:``}"
    style="left:${a}px;width:${o}px;--tone:${c}%"
  >
    ${ai(s,o)||t.plan.hasProblem?s:S}
  </div>`}var wi=8,Ti=260,Ei=60;function Di({when:e,price:t,meaning:n,windows:r,plans:i,more:a},o,{start:s,end:c},l){let u=(o.x(s)+o.x(c))/2,d=Math.min(o.x(c)-u,Ei/2),f=u>(o.left+o.right)/2,p=u+d+wi,m=l-u+d+wi,ee=Math.min(l-(f?m:p)+wi,Ti);return y`<div
    class="tooltip"
    style="${f?`right:${m}px`:`left:${p}px`};max-width:${ee}px"
    aria-hidden="true"
  >
    <div class="when">${e}</div>
    <div class="price">${t}</div>
    ${n?y`<div>${n}</div>`:S}
    ${r.map(e=>y`<div class="in-window">${e}</div>`)}
    ${i.length>0?y`<dl>
            ${i.map(({miner:e,mode:t})=>y`<div class="plan">
                  <dt>${e}</dt>
                  <dd>${t}</dd>
                </div>`)}
          </dl>`:S}
    ${a?y`<div>${a}</div>`:S}
  </div>`}var Oi=150,ki=34,Ai={ArrowLeft:e=>e-1,ArrowDown:e=>e-1,ArrowRight:e=>e+1,ArrowUp:e=>e+1,PageUp:e=>e+6,PageDown:e=>e-6,Home:()=>0,End:(e,t)=>t},B=class extends T{constructor(...e){super(...e),this._width=0,this._showsAllLanes=!1,this._stops=[],this._tones=/* @__PURE__ */ new Map,this._resizes=new ResizeObserver(([e])=>{this._width=Math.round(e?.contentRect.width??0)||this._width}),this._handleFocus=()=>{this.view&&this._asked===void 0&&this._ask(this._index(this.view))},this._handleOutside=e=>{e.composedPath().includes(this)||this._forget()},this._forget=()=>{this._asked=void 0},this._handleKey=e=>{if(this.view===void 0)return;if(e.key===`Escape`){this._forget();return}let t=Ai[e.key];t===void 0||e.altKey||e.ctrlKey||e.metaKey||(e.preventDefault(),this._ask(t(this._index(this.view),this._stops.length-1)))},this._handlePointer=e=>{let{view:t,words:n}=this;if(t===void 0||n===void 0)return;let r=this._plotOf(t,n),i=e.clientX-this.getBoundingClientRect().left,a=r.timeAt(i),o=this._stops.findIndex(({start:e,end:t})=>e<=a&&a<t);o>=0&&this._ask(o)},this._handleLeave=e=>{e.pointerType===`mouse`&&this._forget()}}static{this.styles=yi}connectedCallback(){super.connectedCallback(),this._resizes.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this._resizes.disconnect(),this._listenOutside(!1),this._forget()}willUpdate(e){let{view:t,words:n}=this;if(e.has(`view`)){this._stops=t?jr(t):[];let n=e.get(`view`)?.span;(n?.start!==t?.span.start||n?.end!==t?.span.end)&&this._forget()}(e.has(`view`)||e.has(`words`))&&(this._tones=t&&n?Hr(t,n):/* @__PURE__ */ new Map)}updated(){this._listenOutside(this.isConnected&&this._asked!==void 0)}render(){let{view:e,words:t}=this;if(e===void 0||t===void 0||this._width===0)return S;let n=this._plotOf(e,t),r=this._index(e),i=this._asked===void 0?void 0:this._stops[r];return y`<figure aria-label=${t.text(`price_card.name`)}>
      <figcaption>${Vr(e,t)}</figcaption>
      ${i?y`<div
              class="asked"
              style="left:${n.x(i.start)}px;width:${n.x(i.end)-n.x(i.start)}px"
            ></div>`:S}
      ${this._renderPlot(e,t,n,r)}
      ${xi(e,t,n,this._tones,this._showsAllLanes,()=>{this._showsAllLanes=!this._showsAllLanes})}
      ${i?Di(zr(e,i,t),n,i,this._width):S}
    </figure>`}_plotOf(e,t){let n=Math.max(...e.scale.ticks.map(e=>si(e,t).length));return Gr(e,this._width,{left:12+n*6.2,right:1,top:20,height:Oi})}_renderPlot(e,t,n,r){let i=e.bars.some(({price:t})=>t<e.scale.low)?14:0,a=n.bottom+i+3,o=a+Math.min(e.windows.length,4)*8+13,s=o+ki-16,c=this._stops[r];return y`<div
      class="plot"
      role="slider"
      tabindex="0"
      aria-label=${t.text(`price_card.chart`)}
      aria-orientation="horizontal"
      aria-valuemin="0"
      aria-valuemax=${this._stops.length-1}
      aria-valuenow=${r}
      aria-valuetext=${c?Br(zr(e,c,t)):S}
      @focus=${this._handleFocus}
      @blur=${this._forget}
      @keydown=${this._handleKey}
      @pointerdown=${this._handlePointer}
      @pointermove=${this._handlePointer}
      @pointerleave=${this._handleLeave}
      @pointercancel=${this._forget}
    >
      <svg width=${this._width} height=${s} aria-hidden="true">
        ${Xr} ${oi(e,n,t)} ${ni(e,n,t)}
        ${ci(e,n,o,t)} ${$r(e,n)}
        ${li(e,n,a)}
        ${b`<line class="zero" x1=${n.left} x2=${n.right} y1=${n.y(0)} y2=${n.y(0)} />`}
        ${ui(e,n,o-10)} ${pi(e,n,t)}
        ${ti(e,n,t)}
      </svg>
    </div>`}_index(e){let t=this._asked??e.now,n=this._stops.findIndex(({end:e})=>t<e);return n<0?this._stops.length-1:t<e.span.start?0:n}_ask(e){let t=this._stops.length-1;this._asked=this._stops[Math.min(Math.max(e,0),t)]?.start}_listenOutside(e){e?window.addEventListener(`pointerdown`,this._handleOutside,!0):window.removeEventListener(`pointerdown`,this._handleOutside,!0)}};A([O({attribute:!1})],B.prototype,`view`,void 0),A([O({attribute:!1})],B.prototype,`words`,void 0),A([k()],B.prototype,`_width`,void 0),A([k()],B.prototype,`_asked`,void 0),A([k()],B.prototype,`_showsAllLanes`,void 0);var ji=`miner-controller-price-card`,Mi=`custom:${ji}`,Ni=[15,30,60];function Pi(e){let t=a(`en`);if(typeof e!=`object`||!e||Array.isArray(e))throw Error(t(`price_card.error_object`));let n=Object.fromEntries(Object.entries(e).filter(([,e])=>e!==null)),{tariff:r,miners:i,title:o,period:s,bar_minutes:c}=n;if(r!==void 0&&typeof r!=`string`)throw Error(t(`price_card.error_device`));if(i!==void 0&&!Fi(i))throw Error(t(`price_card.error_miners`));if(o!==void 0&&typeof o!=`string`)throw Error(t(`price_card.error_text`,{option:`title`}));let l=(e,n,r)=>{if(n===void 0||r.includes(n))return;let i=r.join(`, `);throw Error(t(`price_card.error_choice`,{option:e,choices:i}))};l(`period`,s,Xn),l(`bar_minutes`,c,Ni);for(let e of[`compact`,`show_period`])if(![`boolean`,`undefined`].includes(typeof n[e]))throw Error(t(`price_card.error_switch`,{option:e}));return n}function Fi(e){return Array.isArray(e)&&e.every(e=>typeof e==`string`)}var Ii={AUD:`c`,CAD:`¢`,CHF:`Rp.`,DKK:`øre`,EUR:`ct`,GBP:`p`,NOK:`øre`,NZD:`c`,PLN:`gr`,SEK:`öre`,USD:`¢`};function Li(e){let t=typeof e==`string`?e:``,[n=``,r]=t.split(`/`,2),i=Ii[n];return i===void 0||r===void 0?{currency:n,short:n,whole:t,factor:1}:{currency:n,short:i,whole:`${i}/${r}`,factor:100}}function Ri(e,t){let n=Math.abs(e);return n>=100?0:t>1||n>=10?1:n>=1?2:4}var zi=`sensor.current_price`,Bi=`binary_sensor.active`,Vi=`sensor.planned_mode`,Hi=`sensor.break_even_price`;function Ui({entities:e}){return Vi in e||Hi in e}function Wi(e,t,n){let r=t===void 0?e.tariffs[0]:e.tariffs.find(({id:e})=>e===t);if(r!==void 0)return{tariff:r,windows:e.windows.filter(({entryId:e})=>e===r.entryId),miners:e.miners.filter(e=>Ui(e)&&(n?.includes(e.id)??!0))}}function Gi({tariff:e,windows:t,miners:n}){return[e.entities[zi],...t.map(({entities:e})=>e[Bi]),...n.flatMap(({entities:e})=>[e[Vi],e[Hi]])].filter(e=>e!==void 0)}function Ki(e,{tariff:t,windows:n,miners:r}){let i=(t,n)=>{let r=t.entities[n];return r===void 0?void 0:e[r]},a=i(t,zi),o=Li(a?.attributes.unit_of_measurement);return{tariff:t.name,state:a,current:qi(a),unit:o,slots:nr(a?.attributes.prices),windows:n.map(e=>({name:e.name,periods:ir(i(e,Bi)?.attributes.periods)})),miners:r.map(e=>({name:e.name,breakEven:Ji(i(e,Hi),o),plan:Yi(i(e,Vi))}))}}function qi(e){let t=e?.state.trim()??``,n=t===``?NaN:Number(t);return Number.isFinite(n)?n:void 0}function Ji(e,t){let{whole:n}=Li(e?.attributes.unit_of_measurement);return n===t.whole?qi(e):void 0}function Yi(e){if(e===void 0)return;let{plan:t,options:n,problem:r}=e.attributes,i=rr(t),a=e=>typeof e==`string`;return{state:e,slots:i,modes:Array.isArray(n)?n.filter(a):[],hasProblem:i.length===0&&a(r)}}var Xi=`published`;function Zi(e,t){return e===`type`?``:t(`price_card.editor_${e}`)}function Qi(e,t,n){let r=e=>e.map(({id:e,name:t})=>({value:e,label:t})),i=Ni.map(t=>({value:String(t),label:e(`price_card.editor_minutes`,{count:t})})),a={value:Xi,label:e(`price_card.editor_as_published`)},o=Xn.map(t=>({value:t,label:e(`price_card.period_${t}`)})),s=(e,t=!1)=>({select:{options:e,multiple:t,mode:t?`list`:`dropdown`}});return[{name:`title`,selector:{text:{}}},{name:`tariff`,selector:s(r(t))},...n.length?[{name:`miners`,selector:s(r(n),!0)}]:[],{name:`period`,selector:s(o)},{name:`bar_minutes`,selector:s([a,...i])},{name:`show_period`,selector:{boolean:{}}},{name:`compact`,selector:{boolean:{}}}]}function $i(e,t,n){return{...e,tariff:e.tariff??t[0]?.id,miners:e.miners??n.map(({id:e})=>e),period:e.period??`48h`,bar_minutes:e.bar_minutes?.toString()??Xi,show_period:e.show_period??!0,compact:e.compact??!1}}function ea(e,t,n,r){let i=Array.isArray(e.miners)?e.miners:[],a=Number(e.bar_minutes),o={title:!e.title&&t.title!==``,tariff:!e.tariff||t.tariff===void 0&&e.tariff===n[0]?.id,miners:r.length?r.every(({id:e})=>i.includes(e)):t.miners===void 0,period:!e.period||e.period===`48h`,bar_minutes:!(a>0),show_period:e.show_period===!0,compact:e.compact!==!0},s={...e,title:e.title??t.title,bar_minutes:a};return Object.fromEntries(Object.entries(s).filter(([e])=>!o[e]))}var ta=class extends T{static{this.styles=f`
    miner-controller-create-dashboard {
      display: block;
      margin-top: 24px;
    }
  `}setConfig(e){this._config=Pi(e)}render(){let{hass:e,_config:t}=this;if(e===void 0||t===void 0)return S;let n=a(e.language),{tariffs:r,miners:i}=Qe(e),o=i.filter(Ui);return y`<ha-form
        .hass=${e}
        .data=${$i(t,r,o)}
        .schema=${Qi(n,r,o)}
        .computeLabel=${({name:e})=>Zi(e,n)}
        .computeHelper=${({name:e})=>e===`miners`?n(`price_card.editor_miners_help`):void 0}
        @value-changed=${e=>{e.stopPropagation();let n=ea(e.detail.value,t,r,o);Ye(this,`config-changed`,{config:n})}}
      ></ha-form>
      <miner-controller-create-dashboard
        .hass=${e}
      ></miner-controller-create-dashboard>`}};A([O({attribute:!1})],ta.prototype,`hass`,void 0),A([k()],ta.prototype,`_config`,void 0);async function na(){if(!customElements.get(`ha-form`))try{await window.loadCardHelpers?.(),await customElements.get(`hui-tile-card`)?.getConfigElement?.()}catch{}}var ra={comma_decimal:[`en-US`,`en`],decimal_comma:[`de`,`es`,`it`],none:[`en-US`],quote_decimal:[`de-CH`],space_comma:[`fr`,`sv`,`cs`]};function ia({locale:e,config:t}){let n=e.time_zone===`server`?t.time_zone:Intl.DateTimeFormat().resolvedOptions().timeZone,r=aa(e),i={hour:r?`numeric`:`2-digit`,minute:`2-digit`,hourCycle:r?`h12`:`h23`,timeZone:n},a=t=>new Intl.DateTimeFormat(e.language,{timeZone:n,...t}),o=a(i),s=a({hour:`numeric`,hourCycle:`h12`}),c=a({weekday:`short`,day:`numeric`,month:`short`}),l=a({weekday:`short`,...i}),u=a({hour:`numeric`,timeZoneName:`short`}),d=e.number_format===`system`?void 0:ra[e.number_format]??e.language,f=(t,n,r)=>new Intl.NumberFormat(d,{minimumFractionDigits:n,maximumFractionDigits:r,useGrouping:e.number_format!==`none`}).format(t);return{zone:n,usesAmPm:r,time:e=>o.format(e),hour:e=>r?s.format(e):String(R(e,n).hour).padStart(2,`0`),day:e=>c.format(e),dayTime:e=>l.format(e),zoneName:e=>Gn(e,n)?u.formatToParts(e).find(({type:e})=>e===`timeZoneName`)?.value??``:``,round:e=>f(Number(e.toPrecision(6)),0,6),amount:(e,{factor:t})=>{let n=e*t,r=Ri(n,t),i=Number(n.toFixed(r))||0;return f(i,Math.min(r,2),r)}}}function aa({time_format:e,language:t}){if(e===`12`||e===`24`)return e===`12`;let n=e===`language`?t:void 0,r=new Intl.DateTimeFormat(n,{hour:`numeric`}).resolvedOptions().hourCycle;return r===`h11`||r===`h12`}var oa=[vi,f`
    :host {
      display: block;
      height: 100%;
    }
    ha-card {
      box-sizing: border-box;
      height: 100%;
      padding: 16px;
      color: var(--price-text);
    }
    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
    }
    h2 {
      margin: 0;
      font-size: var(--ha-font-size-l, 16px);
      font-weight: var(--ha-font-weight-medium, 500);
      line-height: 1.4;
      overflow-wrap: anywhere;
    }
    p {
      margin: 8px 0 12px;
      color: var(--price-quiet);
      line-height: 1.5;
    }
    a {
      color: var(--price-mode);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .periods {
      display: flex;
      padding: 2px;
      border-radius: 10px;
      background: color-mix(in srgb, var(--price-text) 8%, transparent);
    }
    .periods button {
      padding: 7px 12px;
      border: none;
      border-radius: 8px;
      background: none;
      font: inherit;
      font-size: 13px;
      line-height: 18px;
      color: var(--price-quiet);
      cursor: pointer;
    }
    .periods button[aria-pressed="true"] {
      background: var(--price-card);
      color: var(--price-text);
      font-weight: var(--ha-font-weight-medium, 500);
      box-shadow: 0 1px 3px rgba(0, 0, 0, 0.2);
    }
    button:focus-visible,
    a:focus-visible {
      outline: 2px solid var(--price-mode);
      outline-offset: 1px;
    }
    .current {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 16px;
      margin: 10px 0 12px;
    }
    .current .price {
      font-size: 34px;
      line-height: 1.15;
      letter-spacing: -0.5px;
      font-variant-numeric: tabular-nums;
    }
    .current .price.none {
      font-size: 22px;
      letter-spacing: 0;
    }
    .unit {
      margin-inline-start: 5px;
      font-size: 15px;
      letter-spacing: 0;
      color: var(--price-quiet);
    }
    .about {
      font-size: 13px;
      line-height: 1.4;
      color: var(--price-quiet);
    }
    .meaning {
      color: var(--price-text);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .patterns {
      position: absolute;
      width: 0;
      height: 0;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 14px;
      margin: 12px 0 0;
      padding: 0;
      list-style: none;
      font-size: 12px;
      line-height: 1.4;
      color: var(--price-quiet);
    }
    .legend li {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    .legend svg,
    .legend .run {
      flex: none;
      width: 12px;
      height: 12px;
    }
    .legend .cut {
      stroke: var(--price-text);
      stroke-width: 2;
    }
    .legend .run {
      border-radius: 3px;
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    ha-card.compact {
      display: flex;
      min-height: 56px;
      padding: 0;
      overflow: hidden;
    }
    .tile {
      display: flex;
      align-items: center;
      gap: 12px;
      width: 100%;
      min-width: 0;
      padding: 0 12px;
      border: none;
      border-radius: inherit;
      background: none;
      font: inherit;
      color: inherit;
      text-align: start;
      cursor: pointer;
    }
    .tile:focus-visible {
      outline-offset: -2px;
    }
    .texts {
      display: flex;
      flex: 0 0 auto;
      flex-direction: column;
      /* As wide as the price, which is never cut, and wider where there is room. */
      min-width: min(45%, 130px);
      max-width: 75%;
      line-height: 1.4;
    }
    .texts > * {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .texts .price {
      font-size: var(--ha-font-size-m, 14px);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .texts .title {
      contain: inline-size;
      font-size: var(--ha-font-size-s, 12px);
      color: var(--price-quiet);
    }
    .tile miner-controller-price-sparkline {
      flex: 1 1 0;
    }
  `];function sa(e,t){return e===``?S:y`<h2>${e??t(`price_card.title`)}</h2>`}function ca(e,t,n){let r=a(e.language),i=t.tariff!==void 0,o=r(n?`price_card.price_hidden`:i?`price_card.tariff_gone`:`price_card.no_tariff`),s=!n&&!i&&e.user?.is_admin!==!1;return y`<ha-card>
    ${sa(t.title,r)}
    <p>${o}</p>
    ${s?y`<a href="/config/integrations/dashboard/add?domain=miner_controller"
            >${r(`price_card.add_prices`)}</a
          >`:S}
  </ha-card>`}function la(e,t,n){return y`<div class="periods" role="group" aria-label=${t(`price_card.period`)}>
    ${Xn.map(r=>y`<button
          type="button"
          aria-pressed=${r===e}
          @click=${()=>{n(r)}}
        >
          ${t(`price_card.period_${r}`)}
        </button>`)}
  </div>`}function ua(e){let{source:t,view:n,words:r}=e,i=Tr(n,t),a=fa(e);return y`<div class="current">
    ${da(e)}
    <div class="about">
      ${i?y`<div class="meaning">
              ${Fr(i,n.breakEvens,r)}
            </div>`:S}
      ${a?y`<div>${a}</div>`:S}
    </div>
  </div>`}function da({source:e,state:t,words:n}){let{current:r,unit:i}=e;return r===void 0?y`<div class="price none">${n.hass.formatEntityState(t)}</div>`:y`<div class="price">
    ${n.format.amount(r,i)}<span class="unit">${i.whole}</span>
  </div>`}function fa({source:e,view:t,words:n}){let{format:r,text:i}=n,a=e=>Pr(e,n),o=Or(e.slots,t.now,a);if(o===void 0)return;let s=r.zoneName(o.start),c=o.start<z(t.now,r.zone,1);return i(`price_card.next_change`,{price:a(o.price),time:`${(c?r.time:r.dayTime)(o.start)} ${s}`.trimEnd()})}function pa({source:e,view:t,words:n,state:r},i,a){let{text:o}=n,s=Tr(t,e),c=e.current===void 0?n.hass.formatEntityState(r):Mr(e.current,n),l=s?Fr(s,t.breakEvens,n):``,u=o(s?`price_card.short_${s}`:`price_card.title`);return y`<ha-card class="compact">
    <button
      type="button"
      class="tile"
      aria-label=${o(`price_card.open`,{price:c,meaning:l})}
      @click=${a}
    >
      <span class="texts">
        <span class="price">${c}</span>
        <span class="title">${i??u}</span>
      </span>
      <miner-controller-price-sparkline
        .view=${t}
      ></miner-controller-price-sparkline>
    </button>
  </ha-card>`}function ma(e,t){let{text:n}=t,r=new Set(e.bars.map(({meaning:e})=>e)),i=e.bars.some(({price:t})=>t>e.scale.high||t<e.scale.low);return y`<svg class="patterns" aria-hidden="true">${Xr}</svg>
    <ul class="legend">
      ${fr.filter(e=>r.has(e)).map(n=>y`<li>
            ${ha(b`<rect class="bar ${n}" fill=${Qr(n)} width="12" height="12" rx="2" />`)}
            ${Fr(n,e.breakEvens,t)}
          </li>`)}
      ${i?y`<li>${ha(b`<path class="cut" d="M0 9L12 3" />`)} ${n(`price_card.off_scale`)}</li>`:S}
      ${e.windows.slice(0,4).map(({name:e})=>y`<li>
            ${ha(b`<rect class="window" x="0.5" y="3.5" width="11" height="5" rx="2.5" />`)}
            <span class="name">${e}</span>
          </li>`)}
      ${[...ga(e,t)].map(e=>y`<li>
            ${ha(b`<rect class="unknown" fill="url(#haze)" width="12" height="12" rx="2" />`)}
            ${e}
          </li>`)}
      ${[...Hr(e,t)].map(([e,t])=>y`<li>
            <span class="run ${t===0?`off`:``}" style="--tone:${t}%"></span>
            ${e}
          </li>`)}
    </ul>`}function ha(e){return y`<svg width="12" height="12" aria-hidden="true">${e}</svg>`}function ga(e,t){return new Set(e.unknowns.map(n=>Ir(n,e.now,t)))}var _a=class extends T{constructor(...e){super(...e),this._period=`48h`,this._now=Date.now(),this._home={of:[],chosen:void 0},this._tick=()=>{this._now=Date.now(),clearTimeout(this._timer),this._timer=setTimeout(this._tick,L-this._now%L)}}static{this.styles=oa}static async getConfigElement(){return await na(),document.createElement(`miner-controller-price-card-editor`)}static getStubConfig(){return{}}setConfig(e){let t=Pi(e);this._config?.period!==t.period&&(this._period=t.period??`48h`),this._config=t}getCardSize(){return this._config?.compact?1:6}getGridOptions(){return this._config?.compact?{columns:6,rows:1,min_columns:6,min_rows:1}:{columns:12,rows:`auto`,min_columns:6}}connectedCallback(){super.connectedCallback(),this._tick()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this._timer)}shouldUpdate(e){if([...e.keys()].some(e=>e!==`hass`))return!0;let{chosen:t}=this._home,n=t===void 0?[]:Gi(t);return Dt(e.get(`hass`),this.hass,n)}willUpdate(){let{hass:e,_config:t}=this;if(e===void 0||t===void 0)return;let n=this._choose(e,t);this._shown=n&&this._show(e,t,n)}_choose(e,t){let n=[e.entities,e.devices,e.language,t];if(n.some((e,t)=>e!==this._home.of[t])){let r=Wi(Qe(e),t.tariff,t.miners);this._home={of:n,chosen:r}}return this._home.chosen}_show(e,t,n){let r=Ki(e.states,n);if(r.state===void 0)return;let{text:i,format:a}=this._language(e),{zone:o}=a,s=r.slots.at(-1)?.end??0,c=Sr(r,t.compact&&!t.period&&s<=z(this._now,o,1)?`today`:this._period,t.bar_minutes,this._now,o);return{source:r,state:r.state,view:c,words:{text:i,format:a,unit:r.unit,hass:e}}}_language(e){let t=[e.language,e.locale,e.config.time_zone];return t.some((e,t)=>e!==this._languages?.of[t])&&(this._languages={of:t,text:a(e.language),format:ia(e)}),this._languages??{text:a(`en`),format:ia(e)}}render(){let{hass:e,_config:t,_shown:n}=this;return e===void 0||t===void 0?S:n===void 0?ca(e,t,this._home.chosen!==void 0):t.compact?pa(n,t.title,()=>{Xe(this,n.state.entity_id)}):this._renderWhole(t,n)}_renderWhole(e,t){let{view:n,words:r}=t;return y`<ha-card>
      <header>
        ${sa(e.title,r.text)}
        ${e.show_period===!1?S:la(this._period,r.text,e=>{this._period=e})}
      </header>
      ${ua(t)}
      <miner-controller-price-chart
        .view=${n}
        .words=${r}
      ></miner-controller-price-chart>
      ${ma(n,r)}
    </ha-card>`}};A([O({attribute:!1})],_a.prototype,`hass`,void 0),A([k()],_a.prototype,`_config`,void 0),A([k()],_a.prototype,`_period`,void 0),A([k()],_a.prototype,`_now`,void 0);var va=36,ya=class extends T{constructor(...e){super(...e),this._width=0,this._resizes=new ResizeObserver(([e])=>{this._width=Math.round(e?.contentRect.width??0)||this._width})}static{this.styles=[vi,f`
      :host {
        display: block;
        min-width: 0;
        height: ${va}px;
      }
      svg {
        display: block;
      }
      .now {
        stroke: var(--price-text);
        stroke-width: 1.5;
      }
    `]}connectedCallback(){super.connectedCallback(),this._resizes.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this._resizes.disconnect()}render(){let{view:e}=this;if(e===void 0||this._width===0)return S;let t=Gr(e,this._width,{left:1,right:1,top:1,height:34}),n=t.x(e.now),r=t.left<=n&&n<=t.right;return y`<svg width=${this._width} height=${va} aria-hidden="true">
      ${Xr}
      ${e.unknowns.map(({start:e,end:n})=>b`<rect class="unknown" x=${t.x(e)} y="1" rx="3"
          width=${t.x(n)-t.x(e)} height=${34} fill="url(#haze)" />`)}
      ${$r(e,t,1)}
      ${r?b`<line class="now" x1=${n} x2=${n} y1="0" y2=${va} />`:S}
    </svg>`}};A([O({attribute:!1})],ya.prototype,`view`,void 0),A([k()],ya.prototype,`_width`,void 0);function ba(e,t){let n=e.entities[t];if(n?.platform!==`miner_controller`||!n.device_id)return null;switch(n.translation_key){case`current_price`:return{config:{type:Mi,tariff:n.device_id}};case`planned_mode`:case`break_even_price`:return{config:{type:Mi,miners:[n.device_id]}};default:return null}}N(`miner-controller-price-chart`,B),N(`miner-controller-price-sparkline`,ya),N(`${ji}-editor`,ta),N(ji,_a);var xa=a(document.documentElement.lang);window.customCards??=[],window.customCards.some(({type:e})=>e===`miner-controller-price-card`)||window.customCards.push({type:ji,name:xa(`price_card.name`),description:xa(`price_card.description`),preview:!0,documentationURL:`https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md`,getEntitySuggestion:ba});var Sa=`custom:miner-controller`,V=[`overview`,`miners`,`energy`,`pools`,`automations`],Ca=[`title`,`views`,`miners`,`areas`];function wa(e){let t=[...new Set(Na(e.views))].filter(ja);return{...Aa(e),title:Ma(e.title),views:t.length?t:V}}function Ta(e){let t=Ma(e.view)??``;return{...Aa(e),view:t===`miner`||ja(t)?t:`overview`,device:Ma(e.device)}}function Ea({miners:e,areas:t}){return{...e?.length?{miners:[...e]}:{},...t?.length?{areas:[...t]}:{}}}function Da(e,t){let{title:n,views:r,...i}=wa(t),a=Na(t.views).length?Oa(r,wa(e).views):V,o=a.join()===V.join(),s=Object.entries(e).filter(([e])=>!Ca.includes(e));return{...Object.fromEntries(s),...n===void 0?{}:{title:n},...o?{}:{views:a},...Ea(i)}}function Oa(e,t){let n=t.filter(t=>e.includes(t));return V.forEach((t,r)=>{if(!e.includes(t)||n.includes(t))return;let i=V.slice(0,r).findLast(e=>n.includes(e));n.splice(i===void 0?0:n.indexOf(i)+1,0,t)}),n}function ka({miners:e,areas:t}){return!!(e?.length??0)||!!(t?.length??0)}function Aa(e){return{miners:Na(e.miners),areas:Na(e.areas)}}function ja(e){return V.includes(e)}function Ma(e){return typeof e==`string`&&e!==``?e:void 0}function Na(e){return(Array.isArray(e)?e:[]).filter(e=>typeof e==`string`)}var Pa=class extends T{constructor(...e){super(...e),this.label=({name:e})=>a(this.hass?.language??`en`)(`strategy.option_${e}`),this.helper=({name:e})=>e===`title`?``:a(this.hass?.language??`en`)(`strategy.option_${e}_hint`),this.changed=e=>{if(e.stopPropagation(),this.config===void 0)return;let t=Da(this.config,e.detail.value);this.config=t,Ye(this,`config-changed`,{config:t})}}setConfig(e){this.config=e}render(){return this.hass===void 0||this.config===void 0?S:y`<ha-form
      .hass=${this.hass}
      .data=${Fa(this.config)}
      .schema=${Ia(this.hass)}
      .computeLabel=${this.label}
      .computeHelper=${this.helper}
      @value-changed=${this.changed}
    ></ha-form>`}};A([O({attribute:!1})],Pa.prototype,`hass`,void 0),A([k()],Pa.prototype,`config`,void 0);function Fa(e){let{title:t,views:n,miners:r,areas:i}=wa(e);return{title:t??``,views:n,miners:r,areas:i}}function Ia(e){let t=a(e.language),n={integration:E,domain:`binary_sensor`,device_class:`running`};return[{name:`title`,selector:{text:{}}},{name:`views`,selector:{select:{multiple:!0,mode:`list`,options:V.map(e=>({value:e,label:t(`strategy.${e}`)}))}}},{name:`areas`,selector:{area:{multiple:!0,entity:[n]}}},{name:`miners`,selector:{device:{multiple:!0,filter:[{integration:E}],entity:[n]}}}]}var La=[{file:`cheapest_hours.yaml`,icon:`mdi:clock-check-outline`,name:`Miners: cheapest hours`,description:`Lets miners work while a cheap window is active, and gives them another mode or switches them off outside it.`},{file:`follow_plan.yaml`,icon:`mdi:calendar-clock`,name:`Miners: follow the plan`,description:`Gives each miner the mode that its plan has for now, at each change and whenever it is in another one.`},{file:`heat_room.yaml`,icon:`mdi:radiator`,name:`Miners: heat a room`,description:`Lets miners work while a room is colder than it should be, and stops them when it is warm. A price limit keeps them from heating while electricity is dear.`},{file:`overheat_guard.yaml`,icon:`mdi:thermometer-alert`,name:`Miners: overheat guard`,description:`Lowers the mode of a miner step by step while it is too warm, switches it off at a limit, and brings it back to the mode that it had once it has cooled down. Each step is told.`},{file:`pool_failover.yaml`,icon:`mdi:server-network-off`,name:`Miners: another pool when one cannot be reached`,title:`Another pool when one fails`,description:`Tells miners another pool of the fleet when the one that they use has not been reachable for some minutes, and takes them back when a better one is well again for long enough.`},{file:`pool_rotation.yaml`,icon:`mdi:rotate-3d-variant`,name:`Miners: share pools out`,description:`Shares pools of the fleet out among miners: in turns, each pool for some hours, or by weight, each pool for some of the miners.`},{file:`price_bands.yaml`,icon:`mdi:cash-multiple`,name:`Miners: price bands`,description:`Chooses the mode of miners by the price of electricity, in up to six bands, each with a mode of its own or off.`},{file:`solar_surplus.yaml`,icon:`mdi:solar-power`,name:`Miners: solar surplus`,description:`Steps miners up while power is exported, and down while it is imported. First the miners are started one after the other, each in its lowest mode; then their modes are raised one after the other. Down it goes the other way round.`},{file:`tell_me.yaml`,icon:`mdi:bell-outline`,name:`Miners: tell me`,description:`Sends a message when a miner finds a block or its best share, is gone, overheats, has many shares rejected or gets other firmware.`},{file:`time_windows.yaml`,icon:`mdi:clock-outline`,name:`Miners: time windows`,description:`Gives miners a mode by the time of day and the day of the week, in up to four windows, and another one outside them.`},{file:`watchdog.yaml`,icon:`mdi:dog-side`,name:`Miner: watchdog`,description:`Restarts a miner that does not answer, or answers and does no work, and cuts its power for a moment if that does not help. Each attempt is told.`}],Ra=`/config/integrations/dashboard/add?domain=${E}`,H={grid_options:{columns:`full`}},za={grid_options:{columns:12}};function U(e){return{action:`navigate`,navigation_path:e}}function Ba(e,t,n){return{action:`perform-action`,perform_action:e,...n===void 0?{}:{target:n},confirmation:{text:t}}}function Va(e){return`/config/devices/device/${e.id}`}function W(e,t=1){return{type:`grid`,cards:[...e],...t>1?{column_span:t}:{}}}function G(e,t,n={}){return{type:`heading`,heading:e,icon:t,...n}}function K(e,t={}){return{type:`tile`,entity:e,name:{type:`entity`},...t}}function q(e,t,n){let r=Wa(e);return n.flatMap(e=>{let n=t.entities[e],i=r[e];return n===void 0?[]:[K(n,i===void 0?{}:{name:i})]})}function J(e){return e.map((t,n)=>n===0&&e.length%2==1?{...t,...H}:t)}function Ha(e){return e.map((t,n)=>({...t,...n===0&&e.length%2==1?H:za}))}function Ua(e){let t=(4-e.length%4)%4;return e.length===1?J(e):e.map((e,n)=>n<t?{...e,...za}:e)}function Wa({hass:e,text:t}){return{"sensor.temperature":t(`strategy.temperature`),"sensor.temperature_max":t(`strategy.temperature`),"sensor.break_even_price":t(`strategy.break_even`),"sensor.total_profit":pt(e,`sensor.profit`),"sensor.shares_accepted":t(`strategy.accepted`),"sensor.shares_rejected":t(`strategy.rejected`),"sensor.shares_accepted_today":t(`strategy.accepted_today`),"sensor.shares_rejected_today":t(`strategy.rejected_today`),"sensor.planned_cost_today":t(`strategy.planned_cost`),"sensor.planned_energy_today":t(`strategy.planned_energy`)}}function Y(e,t){return t.map(t=>e.entities[t]).filter(e=>e!==void 0)}function Ga(e,t,n={}){return K(e,{features:[{type:t}],...H,...n})}function Ka(e){return{type:`markdown`,text_only:!0,content:e,...H}}function qa({text:e,icon:t,action:n}){return{type:`button`,text:e,icon:t,tap_action:n}}function X({title:e,entities:t,period:n,days:r,drawn:i}){return t.length?[{type:`statistics-graph`,title:e,entities:[...t],period:n,days_to_show:r,stat_types:[i],chart_type:i===`mean`?`line`:`bar`,...t.length===1?{hide_legend:!0}:{},...H}]:[]}function Z(e,t){return e.flatMap(({name:e,entities:n})=>{let r=n[t];return r===void 0?[]:[{entity:r,name:e}]})}function Q(e,t,n=[]){return{type:`empty-state`,title:e,content:t,...n.length?{buttons:n.map(({text:e,icon:t,action:n})=>({text:e,icon:t,tap_action:n}))}:{},...H}}var Ja=[`table`,`attention`];function $(e,t={}){return{type:`custom:miner-controller-${e}-card`,...Ja.includes(e)?{subviews:!0}:{},...t}}var Ya=`https://github.com/Danvic-DEV/${E}/blob/main/custom_components/${E}/blueprints/automation/`;async function Xa(e){let{hass:t,isAdmin:n,text:r}=e,[i,a]=await Promise.all([no(t),n?ro(t):/* @__PURE__ */ new Set]);return[W([G(r(`strategy.automations`),`mdi:robot`),...i===void 0?[Q(r(`strategy.automations_unknown`),``)]:Ha(i.map(Za)),...i?.length===0?[Q(r(`strategy.no_automations`),r(n?`strategy.no_automations_hint`:`strategy.no_automations_ask`))]:[]],2),...n?Qa(e,a):[]]}function Za(e){return{type:`tile`,entity:e,features:[{type:`toggle`}]}}function Qa(e,t){let{text:n}=e,r=La.map(e=>eo(e,t.has(e.file),n)),i=Math.ceil(r.length/2);return[W([G(n(`strategy.blueprints`),`mdi:script-text`),...t.size===La.length?[]:$a(e)],2),W(r.slice(0,i).flat()),W(r.slice(i).flat())]}function $a({text:e}){let t=Ba(`${E}.install_blueprints`,e(`strategy.install_question`));return[G(e(`strategy.install`),`mdi:download-multiple`,{badges:[qa({text:e(`strategy.install_button`),icon:`mdi:download`,action:t})]}),Ka(e(`strategy.install_hint`))]}function eo({file:e,icon:t,name:n,title:r,description:i},a,o){let s=encodeURIComponent(Ya+e),c=a?{text:o(`strategy.use_blueprint`),icon:`mdi:check`,action:U(`/config/blueprint/dashboard`)}:{text:o(`strategy.import_blueprint`),icon:`mdi:import`,action:U(`/config/blueprint/dashboard/import?blueprint_url=${s}`)};return[G(r??to(n),t,{badges:[qa(c)]}),Ka(a?o(`strategy.installed`,{description:i}):i)]}function to(e){let t=e.replace(/^Miners?: /,``);return t.charAt(0).toUpperCase()+t.slice(1)}async function no(e){try{let t=await e.callWS({type:`search/related`,item_type:`integration`,item_id:E});return(Array.isArray(t.automation)?t.automation:[]).filter(t=>typeof t==`string`&&t in e.states).sort()}catch{return}}async function ro(e){try{let t=await e.callWS({type:`blueprint/list`,domain:`automation`}),n=new Set(Object.values(t).map(e=>e?.metadata?.source_url)),r=La.map(({file:e})=>e);return new Set(r.filter(e=>`miner_controller/${e}`in t||n.has(Ya+e)))}catch{return/* @__PURE__ */ new Set}}function io(e,t){return{hass:e,home:Qe(e,t),selection:t,text:a(e.language),isAdmin:e.user?.is_admin??!1}}function ao({home:e,selection:t}){return ka(t)?{miners:e.miners.map(({id:e})=>e)}:{}}function oo({home:e,selection:t}){return ka(t)?void 0:e.fleet}function so({selection:e,text:t},n){return ka(e)?t(`strategy.of_all`,{title:n}):n}function co({text:e,isAdmin:t},n=`strategy.add`){return t?[{text:e(n),icon:`mdi:plus`,action:U(Ra)}]:[]}function lo(e){let{text:t,selection:n}=e;return ka(n)?Q(t(`strategy.none_chosen`),t(`strategy.none_chosen_hint`)):Q(t(`strategy.welcome`),t(`strategy.welcome_hint`),co(e,`strategy.add_miner`))}function uo({text:e}){return Q(e(`strategy.miner_gone`),e(`strategy.miner_gone_hint`))}function fo(e){let{text:t}=e;return Q(t(`strategy.no_fleet`),t(`strategy.no_fleet_hint`),co(e))}function po(e){let{text:t}=e;return Q(t(`strategy.no_prices`),t(`strategy.no_prices_hint`),co(e))}var mo=10,ho={period:`day`,days:30,drawn:`change`},go={period:`month`,days:365,drawn:`change`};function _o(e){let{home:t}=e;if(!t.miners.length)return vo(e);let n=[bo(e),To(e)],r=So(e),i=t.miners.length<=mo,a=!i||!n.flat().length;return[yo(e),...xo(e),W(r,a?2:1),...(i&&r.length?[n.flat()]:n).map(e=>W(e))].filter(({cards:e})=>e.length)}function vo(e){let t=W([lo(e)],2);if(!e.home.tariffs.length)return[t];let n=bo(e);return[yo(e),...n.length?[W(n,2)]:[],t]}function yo(e){return W(e.home.tariffs.length?[$(`price`,{...ao(e),...H})]:[po(e)],2)}function bo(e){let{home:t,text:n}=e,r=t.windows.flatMap(t=>[G(t.name,`mdi:clock-check-outline`,{heading_style:`subtitle`}),...J(q(e,t,[`binary_sensor.active`,`sensor.next_start`,`sensor.average_price`]))]);return r.length?[G(n(`strategy.windows`),`mdi:clock-outline`),...r]:[]}function xo(e){let{home:t,text:n}=e,r=t.miners.length<=mo,i=(e,n)=>r?Z(t.miners,e):Z(t.fleet?[t.fleet]:[],n),a=t=>r?t:so(e,t),o=i(`sensor.energy`,`sensor.total_energy`),s=i(`sensor.energy_cost`,`sensor.total_energy_cost`),c=G(n(`strategy.usage`),`mdi:lightning-bolt`);if(!r&&t.fleet===void 0)return[W([c,fo(e)],2)];if(!o.length&&!s.length)return[];let l=(e,t,n)=>[...X({title:a(t),entities:s,...e}),...X({title:a(n),entities:o,...e})],u=l(ho,n(`strategy.cost_by_day`),n(`strategy.energy_by_day`)),d=l(go,n(`strategy.cost_by_month`),n(`strategy.energy_by_month`));return[W([c,...u]),W([G(n(`strategy.usage_months`),`mdi:calendar-month`),...d])]}function So(e){let{home:t,text:n}=e,r=Z(t.miners,`sensor.break_even_price`);return r.length?[G(n(`strategy.break_even`),`mdi:scale-balance`),...t.miners.length<=mo?Co(e,r):wo(e)]:[]}function Co({hass:e,home:t,text:n},r){let i=Z(t.tariffs.slice(0,1),`sensor.current_price`),a=[`sensor.break_even_price`,`sensor.profit`].flatMap(n=>{let r=Z(t.miners,n);return r.length?[G(pt(e,n),`mdi:pickaxe`,{heading_style:`subtitle`}),{type:`entities`,entities:r,...H}]:[]});return[...X({title:n(`strategy.price_week`),entities:[...i,...r],period:`hour`,days:7,drawn:`mean`}),...a]}function wo(e){let t=oo(e)?.entities[`sensor.total_profit`];return[$(`table`,{...ao(e),...H}),...t===void 0?[]:[K(t,H)]]}function To(e){let{home:t,text:n}=e,r=t.miners.flatMap(t=>Eo(e,t));return r.length?[G(n(`strategy.plans`),`mdi:calendar-clock`),...r]:[]}function Eo(e,t){let n=t.entities[`sensor.planned_mode`];return n===void 0?[]:[G(t.name,`mdi:pickaxe`,{heading_style:`subtitle`,tap_action:U(kt(t.id))}),K(n,{state_content:[`state`,`next_change`,`next_mode`],...H}),...J(q(e,t,[`binary_sensor.plan_followed`,`sensor.planned_cost_today`,`sensor.planned_energy_today`]))]}var Do=[`sensor.temperature`,`sensor.temperature_max`],Oo=[`binary_sensor.overheated`,`binary_sensor.hardware_fault`,`binary_sensor.power_fault`,`binary_sensor.fallback_pool`],ko=[`switch.mining`,`select.mode`,`select.pool`,`button.restart`],Ao=[`number`,`switch`,`select`,`button`,`update`];function jo(e,t){return W([Io(e,t,`among others`),...No(e,t),...Lo(t),...Po(e,t),...Ro(e,t),...zo(e,t)])}function Mo(e,t,n){let r=[...Po(e,t),...Ro(e,t),...zo(e,t)];return[W([Io(e,t,n),...No(e,t),...Lo(t)]),...r.length?[W(r)]:[]]}function No(e,t){return[...J(q(e,t,[`sensor.hashrate`,...Fo(t),`sensor.power`,`sensor.efficiency`,`sensor.shares_accepted`,`sensor.shares_rejected`,`sensor.best_difficulty`,`sensor.uptime`,`sensor.cost_today`,`sensor.profit`,`sensor.break_even_price`,`sensor.planned_mode`])),...Y(t,[`sensor.active_pool`]).map(e=>K(e,H))]}function Po({text:e},t){let n={period:`hour`,days:7,drawn:`mean`};return[...X({title:e(`strategy.hashrate_week`),entities:Z([t],`sensor.hashrate`),...n}),...X({title:e(`strategy.temperature_week`),entities:Fo(t).flatMap(e=>Z([t],e)),...n})]}function Fo(e){return Do.filter(t=>t in e.entities).slice(0,1)}function Io({text:e,isAdmin:t},n,r){let i=n.entities[`binary_sensor.hashing`]??n.entities[`binary_sensor.reachable`],a=e=>({type:`entity`,entity:e,color:`state`,show_icon:!0,show_state:!0,tap_action:{action:`more-info`}});return G(n.name,`mdi:pickaxe`,{...r===`own page`?{}:{tap_action:U(kt(n.id))},badges:[...i===void 0?[]:[a(i)],...Y(n,Oo).map(e=>({...a(e),color:`red`,state_content:`name`,visibility:[{condition:`state`,entity:e,state:`on`}]})),...r===`own page`&&t?[qa({icon:`mdi:cog`,text:e(`strategy.device`),action:U(Va(n))})]:[]]})}function Lo(e){return[...Y(e,[`switch.mining`]).map(e=>Ga(e,`toggle`,{features_position:`inline`})),...Y(e,[`select.mode`]).map(e=>Ga(e,`select-options`,{features_position:`inline`,hide_state:!0})),...Y(e,[`select.pool`]).map(e=>Ga(e,`select-options`,{hide_state:!0}))]}function Ro({text:e},t){return Y(t,[`button.restart`]).map(n=>{let r=Ba(`button.press`,e(`strategy.restart_question`,{name:t.name}),{entity_id:n});return K(n,{tap_action:r,icon_tap_action:r,hide_state:!0,...H})})}function zo({text:e},t){let n=Object.keys(t.entities).filter(e=>Ao.includes(e.split(`.`,1)[0]??``)&&!ko.includes(e));return n.length?[$(`fold`,{title:e(`strategy.settings`),icon:`mdi:tune`,card:{type:`entities`,show_header_toggle:!1,entities:Y(t,n.sort()).map(e=>({entity:e,name:{type:`entity`}}))}})]:[]}var Bo=8;function Vo(e){let{miners:t}=e.home;if(!t.length)return[W([lo(e)])];let n=t.length>Bo,r=En(t);return Uo(e).flatMap(({name:t,icon:i,miners:a})=>{let o=t===void 0?[]:[G(t,i)];if(n){let e=$(`table`,{miners:a.map(({id:e})=>e),columns:r});return[W([...o,e],2)]}return[...o.length?[W(o,2)]:[],...Ho(e,a)]})}function Ho(e,t){return t.flatMap((n,r)=>r===0&&t.length%2==1?Mo(e,n,`among others`):jo(e,n))}function Uo({hass:e,home:t,text:n}){let r=Object.values(e.areas).map(e=>({name:e.name,icon:e.icon??`mdi:texture-box`,miners:t.miners.filter(({areaId:t})=>t===e.area_id)})).filter(({miners:e})=>e.length),i=t.miners.filter(({areaId:t})=>t===void 0||!(t in e.areas));if(!i.length)return r;let a=r.length?n(`strategy.no_area`):void 0;return[...r,{name:a,icon:`mdi:pickaxe`,miners:i}]}function Wo(e,t){let n=e.home.miners.find(({id:e})=>e===t);return n===void 0?[W([uo(e)])]:Mo(e,n,`own page`)}var Go=12,Ko=10,qo=[`sensor.total_hashrate`,`sensor.total_power`,`sensor.efficiency`,`sensor.miners_online`,`sensor.total_cost_today`,`sensor.total_profit`,`sensor.hottest_chip`],Jo=[`sensor.shares_accepted_today`,`sensor.shares_rejected_today`,`sensor.best_difficulty`,`sensor.bitcoin_price`],Yo={grid_options:{columns:`full`,rows:6}};function Xo(e){if(!e.home.miners.length){let t=W([lo(e)],2);return e.home.tariffs.length?[t,...$o(e)]:[t]}return[W(Zo(e),2),...$o(e),W(ns(e),2),W(Qo(e),2)].filter(({cards:e})=>e.length)}function Zo(e){let{home:t,text:n}=e,r=oo(e),i=t.tariffs[0]?.entities[`sensor.current_price`];return[G(n(`strategy.totals`),`mdi:sigma`),$(`attention`,{...ao(e),...H}),...Ua([...r?q(e,r,qo):[],...i===void 0?[]:[K(i)]])]}function Qo(e){let{home:t}=e;return[...t.fleet?[]:[fo(e)],...t.tariffs.length?[]:[po(e)]]}function $o(e){let t=e.home.tariffs.length?[$(`price`,{...ao(e),...H})]:[],n=es(e),r=oo(e);return!t.length||!n.length?[[...t,...n]].filter(e=>e.length).map(e=>W(e,2)):[W(t),W([...n.map(e=>({...e,...Yo})),...J(r?q(e,r,Jo):[])])]}function es(e){let{home:t,selection:n,text:r}=e,i=r(`strategy.hashrate_day`),a=t.fleet?.entities[`sensor.total_hashrate`];if(!t.miners.length)return[];let o=ka(n)&&t.miners.length<=Ko;return a===void 0||o?ts(t.miners,i):X({title:so(e,i),entities:[{entity:a}],period:`5minute`,days:1,drawn:`mean`})}function ts(e,t){let n=Z(e,`sensor.hashrate`);return!n.length||n.length>Ko?[]:[{type:`history-graph`,title:t,hours_to_show:24,entities:n,...H}]}function ns(e){let{home:t,text:n}=e;return[G(n(`strategy.miners`),`mdi:pickaxe`),...t.miners.length>Go?[$(`table`,ao(e))]:Ha(t.miners.flatMap(rs))]}function rs(e){let t=e.entities[`binary_sensor.hashing`]??e.entities[`binary_sensor.reachable`];if(t===void 0)return[];let n=U(kt(e.id));return[K(t,{name:e.name,color:`green`,tap_action:n,icon_tap_action:n,...t===e.entities[`binary_sensor.hashing`]?{features:[{type:`custom:miner-controller-readings`}]}:{}})]}var is=[`binary_sensor.reachable`,`sensor.response_time`,`sensor.miners`,`sensor.shares_accepted`,`sensor.shares_rejected`,`sensor.pool_hashrate`,`sensor.pool_workers`,`sensor.pool_best_difficulty`,`sensor.pool_balance`];function as(e){let{home:t,text:n}=e;if(t.fleet===void 0)return[W([fo(e)])];let r=ss(e,t.fleet);return t.pools.length?[...t.pools.map(t=>W(os(e,t))),W(X({title:n(`strategy.response_times`),entities:Z(t.pools,`sensor.response_time`),period:`hour`,days:7,drawn:`mean`}),t.pools.length%2?1:2),W(r.length?[Q(n(`strategy.edit_pools`),n(`strategy.edit_pools_hint`),r)]:[],2)].filter(({cards:e})=>e.length):[W([Q(n(`strategy.no_pools`),n(`strategy.no_pools_hint`),r)])]}function os(e,t){return[G(t.name,`mdi:server-network`,e.isAdmin?{tap_action:U(Va(t))}:{}),...J(q(e,t,is))]}function ss({text:e,isAdmin:t},n){if(!t)return[];let r=`/config/integrations/integration/${E}${n.entryId===void 0?``:`#config_entry=${n.entryId}`}`;return[{text:e(`strategy.edit_pools_button`),icon:`mdi:pencil`,action:U(r)}]}var cs={overview:`mdi:view-dashboard`,miners:`mdi:pickaxe`,energy:`mdi:lightning-bolt`,pools:`mdi:server-network`,automations:`mdi:robot`};function ls(e,t){let n=wa(e),{home:r,text:i}=io(t,n),a=Ea(n);return{...n.title===void 0?{}:{title:n.title},views:[...n.views.map(e=>({title:i(`strategy.${e}`),path:e,icon:cs[e],strategy:{type:Sa,view:e,...a}})),...r.miners.map(({id:e,name:t})=>({title:t,path:kt(e),subview:!0,strategy:{type:Sa,view:`miner`,device:e}}))]}}async function us(e,t){let n=Ta(e);return{type:`sections`,max_columns:2,sections:await ds(n,io(t,n))}}function ds({view:e,device:t},n){switch(e){case`overview`:return Xo(n);case`miners`:return Vo(n);case`energy`:return _o(n);case`pools`:return as(n);case`automations`:return Xa(n);case`miner`:return Wo(n,t)}}var fs=`miner-controller-strategy-editor`,ps=[`entities`,`devices`,`areas`],ms=class extends HTMLElement{static{this.registryDependencies=ps}static generate(e,t){return Promise.resolve(ls(e,t))}static getCreateSuggestions(e){return{title:a(e.language)(`strategy.name`),icon:`mdi:pickaxe`}}static async getConfigElement(){return await na(),document.createElement(fs)}},hs=class extends HTMLElement{static{this.registryDependencies=ps}static generate(e,t){return us(e,t)}};N(`ll-strategy-dashboard-miner-controller`,ms),N(`ll-strategy-view-miner-controller`,hs),N(fs,Pa);var gs=Sa.replace(`custom:`,``),_s=window.customStrategies??=[];if(!_s.some(e=>e.type===gs)){let e=a(navigator.language);_s.push({type:gs,strategyType:`dashboard`,name:e(`strategy.name`),description:e(`strategy.description`),documentationURL:`https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md`})}