//! Escapes that were published, each of their disguises, and what honest templates say.

use super::*;

fn found(text: &str) -> Vec<(Goal, String)> {
    scan(text).into_iter().map(|reach| (reach.goal, reach.name)).collect()
}

fn goals(text: &str) -> Vec<Goal> {
    scan(text).into_iter().map(|reach| reach.goal).collect()
}

#[test]
fn names_in_plain_sight_are_found_where_they_stand() {
    let text = "{{ messages }}{{ ''.__class__.__mro__[1] }}";
    let reaches = scan(text);
    let slices: Vec<&str> = reaches.iter().map(|reach| &text[reach.range.clone()]).collect();
    assert_eq!(slices, ["__class__", "__mro__"]);
    for text in [
        "{{ x['__class__'] }}",
        "{{ x[\"__globals__\"] }}",
        "{{ x[['a', '__class__'][1]] }}",
        "{{ x['__class__'|list|join] }}",
        "{{ x|attr('__init__') }}",
        "{{ x | attr ( '__odd__' ) }}",
        "{{ xs|map(attribute='__class__.__init__')|list }}",
        "{{ x.__anything__ }}",
        "{% if x.__class__ %}{% endif %}",
        "{% set y = x.f_globals %}",
        "{{- (x).mro() -}}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ {'a': {'b': x.__class__}} }}",
        "{{ raise_exception(x.__init__.__globals__) }}",
        "{%- for m in [].__class__.__base__.__subclasses__() -%}{%- endfor -%}",
    ] {
        let goals = goals(text);
        assert!(!goals.is_empty() && goals.iter().all(|goal| *goal == Goal::Internal), "{text} {goals:?}");
    }
}

#[test]
fn names_in_disguise_are_found() {
    for text in [
        r"{{ x['\x5f\x5fclass\x5f\x5f'] }}",
        r"{{ x['\u005f_class_\u005f'] }}",
        r"{{ x['\U0000005f_class__'] }}",
        r"{{ x['\137\137class\137\137'] }}",
        r"{{ x['\N{LOW LINE}_class__'] }}",
        "{{ x['__cla' ~ 'ss__'] }}",
        "{{ x['__cla' + 'ss__'] }}",
        "{{ x['__cla' 'ss__'] }}",
        "{{ x['__CLASS__'|lower] }}",
        "{{ x['__CLASS__'.lower()] }}",
        "{{ x[['__','class','__']|join] }}",
        "{{ x[['', 'class', '']|join('__')] }}",
        "{{ x[''.join(['__', 'class__'])] }}",
        "{{ x[('__', 'class__')|join] }}",
        "{{ x['_-_class_-_'|replace('-', '')] }}",
        "{{ x['__zlass__'.replace('z', 'c')] }}",
        "{{ x['%s%s'|format('__class', '__')] }}",
        "{{ x['{}class{}'.format('__', '__')] }}",
        "{{ x['__ssalc__'[::-1]] }}",
        "{{ x['__ssalc__'|reverse] }}",
        "{{ x|attr('__cla' ~ 'ss__') }}",
        "{{ x[('__' ~ 'class') ~ '__'] }}",
        "{% set u = '__' %}{{ x[u ~ 'class' ~ u] }}",
        "{% set u = '_' ~ '_' -%}{% set name = u ~ 'globals' ~ u %}{{ x[name] }}",
        "{{ x['__my' ~ 'thing__'] }}",
        "{% set ns = namespace(s='') %}{% for c in ['_','_','c','l','a','s','s','_','_'] %}{% set ns.s = ns.s ~ c %}{% endfor %}{{ x[ns.s] }}",
        "{% set ns = namespace(n=1, s='__') %}{% for c in 'class__' %}{%- set ns.s = ns.s + c -%}{% endfor %}{{ x|attr(ns.s) }}",
        "{% set ns = namespace() %}{% set ns.s = '' %}{% for c in '__ssalc__' %}{% set ns.s = c ~ ns.s %}{% endfor %}{{ x[ns.s] }}",
        "{{ x[dict(__class__=1)|first] }}",
        "{{ x['x__class__x'[1:-1]] }}",
        "{{ x['__class__xx'[:9]] }}",
        "{{ x['%c%cclass__'|format(95, 95)] }}",
        "{{ x['%s%s' % ('__class', '__')] }}",
        "{{ x[dict(__cla=a, ss__=b)|join] }}",
        "{{ x[{'__cla': 1, 'ss__': 2}|join] }}",
        "{{ [x]|map('attr', '__cla' ~ 'ss__')|list }}",
    ] {
        let goals = goals(text);
        assert!(goals.contains(&Goal::Hidden), "{text} {goals:?}");
    }
}

#[test]
fn what_may_be_honest_is_not_certain() {
    for (text, goal) in [
        ("{{ x|attr(name) }}", Goal::Computed),
        ("{{ x|attr('_' ~ name) }}", Goal::Computed),
        ("{{ x|attr('_private') }}", Goal::Computed),
        ("{{ xs|map('attr', name)|list }}", Goal::Computed),
        ("{{ xs|map(attribute=name)|list }}", Goal::Computed),
        ("{% for c in cs %}{% set ns.s = ns.s ~ c %}{% endfor %}{{ x[ns.s] }}", Goal::Computed),
        ("{% set s = s ~ c.x %}{{ x[s] }}", Goal::Computed),
        ("{{ lipsum(n=3) }}", Goal::Global),
        ("{{ cycler['x'] }}", Goal::Global),
        ("{{ url_for('x') }}", Goal::Global),
        ("{{ config.items() }}", Goal::Global),
        ("{{ self }}", Goal::Global),
        ("{% include 'x' %}", Goal::Template),
        ("{%- import 'x' as y -%}", Goal::Template),
        ("{% from 'x' import y %}", Goal::Template),
        ("{% extends 'x' %}", Goal::Template),
    ] {
        assert_eq!(goals(text), [goal], "{text}");
        assert!(!goal.is_certain());
    }
}

#[test]
fn what_templates_say_about_a_conversation_is_silent() {
    for text in [
        "{# x.__class__ #}",
        "x.__class__ and {x.__class__}",
        "{% raw %}{{ x.__class__ }}{% endraw %}",
        "{{ 'def __init__(self): ...' }}",
        "{{ '__start__' }}{{ message['__role__'] }}",
        "{{ '__' ~ message.role ~ '__' }}",
        "{{ 'mcp__' ~ server ~ '__' ~ tool.name }}",
        "{{ messages|selectattr('role', 'equalto', 'system')|map(attribute='content')|join('\\n') }}",
        "{% set ns = namespace(found=false, config=1) %}{% set ns.found = true %}{{ ns.found }}",
        "{{ tools|tojson(indent=4) }}{{ bos_token }}{{ strftime_now('%d %b %Y') }}",
        "{{ raise_exception('roles must alternate') }}",
        "{% set comma = joiner(', ') %}{{ comma() }}{% set row = cycler('a', 'b') %}{{ row.next() }}",
        "{% for config in configs %}{{ config.name }}{% endfor %}",
        "{% if config is defined %}{{ config.x }}{% endif %}",
        "{% macro show(config, self=1) %}{{ config }}{{ self }}{% endmacro %}",
        "{{ x|attr('role') }}{{ message['role'][1:] }}{{ messages[loop.index0 - 1].content }}",
        "{% set ns = namespace(i=0, out='') %}{% for m in messages %}{% set ns.i = ns.i + 1 %}{% set ns.out = ns.out ~ m.content %}{{ messages[ns.i] }}{{ ns.out }}{% endfor %}",
        "{% for c in ['a', 'b'] %}{% set key = 'k_' ~ c %}{{ x[key] }}{% endfor %}{{ '%s: %s' % (a, b) }}",
        "{{ x[1:][0]['role'] }}{{ {'user': 'U', 'bot': 'B'}[m.role] }}{{ dict(a=1, b=2)|tojson }}",
        "{{ x.config }}{{ x.request.self }}{{ f(config=1) }}",
        "{% generation %}{{ message.content }}{% endgeneration %}",
        "{{ dict(a=1) }}{{ range(3)|list }}{{- range .ToolCalls }}",
        "{{ '{0.__class__}' }}",
        "{{ unclosed '",
        "{{ {'a': 1}['a'] }}",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_long_template_costs_one_pass() {
    let start = crate::testing::Stopwatch::start();
    for (piece, count) in [
        ("{{ ['a', 'b', ", 50_000),
        ("{{ (((((((((((((((((((((('a' ~ ", 20_000),
        ("'a' ~ ", 200_000),
        ("{{ x['__' ~ y] }}", 50_000),
        ("{% set a = 'b' %}", 50_000),
        ("{{", 400_000),
        ("{% raw %}", 100_000),
        ("{#", 400_000),
        ("{{ '\\", 200_000),
        ("{{ x|attr(y) }}", 50_000),
    ] {
        let found = scan(&piece.repeat(count));
        assert!(found.len() <= MAX_REACHES);
        scan(&format!("{{{{ {}", piece.repeat(count)));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let many = format!("{}{{{{ x.__class__ }}}}", "{{ x|attr(y) }}".repeat(100));
    assert!(goals(&many).contains(&Goal::Internal), "a certain one is never lost");
}

#[test]
fn a_block_in_pieces_hides_nothing() {
    for before in [19_000, 19_990, 19_998, 19_999, 20_000, 39_700, 39_800, 60_000] {
        let text = format!(
            "{{{{ {}x.__class__ + {}y }}}}{{{{ z.__mro__ }}}}",
            "a + ".repeat(before / 2),
            "b + ".repeat(30_000)
        );
        let names: Vec<String> = scan(&text).into_iter().map(|reach| reach.name).collect();
        assert_eq!(names, ["__class__", "__mro__"], "{before}");
    }
}

#[test]
fn no_mutation_breaks_the_scanner() {
    use crate::bytes::testing::{Random, mutate, rounds};
    let mut random = Random::new(11);
    let seed = r"{% set u = '\x5f_' -%}{# c #}{% raw %}{{{% endraw %}{{ x[u ~ 'class' ~ u]|attr(['a', 'b']|join) }}{% for m in é['x'][::-1] %}{{ '%s'|format('__') }}{% endfor %}";
    for _ in 0..rounds(20_000) {
        let text = String::from_utf8_lossy(&mutate(seed.as_bytes(), &mut random)).into_owned();
        for reach in scan(&text) {
            assert!(text.get(reach.range.clone()).is_some(), "{text} {reach:?}");
        }
    }
}
