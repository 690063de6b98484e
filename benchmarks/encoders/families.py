"""The families of `transformers` that contributions are tried on, as tiny configurations."""

from __future__ import annotations

from typing import Any, NamedTuple

DIM, HEADS = 32, 4

_BERT = {
    "vocab_size": 60,
    "hidden_size": DIM,
    "num_hidden_layers": 2,
    "num_attention_heads": HEADS,
    "intermediate_size": 48,
    "max_position_embeddings": 40,
    "pad_token_id": 0,
}
_DECODER = {**_BERT, "num_key_value_heads": 2, "head_dim": 8}
_DEBERTA = {
    **_BERT,
    "relative_attention": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_buckets": 8,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": False,
    "type_vocab_size": 2,
}
_T5 = {
    "vocab_size": 60,
    "d_model": DIM,
    "d_kv": 8,
    "d_ff": 48,
    "num_layers": 2,
    "num_heads": HEADS,
}
_GPT = {"vocab_size": 60, "n_embd": DIM, "n_layer": 2, "n_head": HEADS, "n_positions": 40}
_NEO = {
    "vocab_size": 60,
    "hidden_size": DIM,
    "num_layers": 2,
    "num_heads": HEADS,
    "attention_types": [[["global", "local"], 1]],
    "max_position_embeddings": 40,
    "window_size": 4,
}
_BART = {
    "vocab_size": 60,
    "d_model": DIM,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 40,
}


class Family(NamedTuple):
    """A family of models.

    Attributes:
        model_type: Its name in `transformers`.
        config: The size of the tiny model.
        implementations: The implementations of attention that `transformers` has for it.
        part: The part of the model to run, such as `"encoder"`; "" for the whole.
        adds_up: Whether its parts add up; otherwise `attribute` refuses it.
        causal: Whether the model with its language head gives the logits of the next token.
    """

    model_type: str
    config: dict[str, Any]
    implementations: tuple[str, ...] = ("eager", "sdpa")
    part: str = ""
    adds_up: bool = True
    causal: bool = False


_EAGER = ("eager",)
_MOE = {"num_experts": 3, "num_experts_per_tok": 2, "moe_intermediate_size": 24}
_LOCAL_EXPERTS = {"num_local_experts": 3, "num_experts_per_tok": 2}
_LIKE_BERT = {
    "BERT generation": "bert-generation",
    "Splinter": "splinter",
    "RoCBert": "roc_bert",
    "MRA": "mra",
    "RoBERTa, norm first": "roberta-prelayernorm",
    "ModernBERT decoder": "modernbert-decoder",
    "EuroBERT": "eurobert",
    "MarkupLM": "markuplm",
    "TAPAS": "tapas",
    "VisualBERT": "visual_bert",
    "Persimmon": "persimmon",
    "GPT-NeoX Japanese": "gpt_neox_japanese",
    "BioGPT": "biogpt",
}
_LIKE_LLAMA = {
    "GLM": "glm",
    "GLM 4": "glm4",
    "Helium": "helium",
    "Cohere 2": "cohere2",
    "EXAONE 4": "exaone4",
    "Ministral": "ministral",
    "Arcee": "arcee",
    "Apertus": "apertus",
    "Seed-OSS": "seed_oss",
    "OLMo 3": "olmo3",
    "Hunyuan": "hunyuan_v1_dense",
    "ERNIE 4.5": "ernie4_5",
    "DiffLlama": "diffllama",
    "Doge": "doge",
    "JetMoE": "jetmoe",
    "BitNet": "bitnet",
    "LFM 2": "lfm2",
    "Falcon-H1": "falcon_h1",
    "VaultGemma": "vaultgemma",
}
_LIKE_BART = {
    "M2M-100 encoder": "m2m_100",
    "BigBird-Pegasus encoder": "bigbird_pegasus",
    "Blenderbot encoder": "blenderbot",
    "PLBART encoder": "plbart",
    "MVP encoder": "mvp",
}

FAMILIES: dict[str, Family] = {
    "BERT": Family("bert", _BERT),
    "BERT, quick_gelu": Family("bert", {**_BERT, "hidden_act": "quick_gelu"}),
    "BERT, gelu_new": Family("bert", {**_BERT, "hidden_act": "gelu_new"}),
    "BERT, gelu_python": Family("bert", {**_BERT, "hidden_act": "gelu_python"}),
    "BERT, relu": Family("bert", {**_BERT, "hidden_act": "relu"}),
    "BERT, tanh": Family("bert", {**_BERT, "hidden_act": "tanh"}),
    "RoBERTa": Family("roberta", {**_BERT, "pad_token_id": 1}),
    "XLM-R": Family("xlm-roberta", {**_BERT, "pad_token_id": 1}),
    "XLM-R XL": Family("xlm-roberta-xl", {**_BERT, "pad_token_id": 1}),
    "CamemBERT": Family("camembert", {**_BERT, "pad_token_id": 1}),
    "DistilBERT": Family(
        "distilbert",
        {"vocab_size": 60, "dim": DIM, "n_layers": 2, "n_heads": HEADS, "hidden_dim": 48},
    ),
    "ELECTRA": Family("electra", {**_BERT, "embedding_size": DIM}),
    "ModernBERT": Family(
        "modernbert",
        {
            **_BERT,
            "local_attention": 4,
            "reference_compile": False,
            "global_attn_every_n_layers": 2,
        },
    ),
    "MPNet": Family("mpnet", {**_BERT, "pad_token_id": 1}, _EAGER),
    "DeBERTa": Family("deberta", {**_DEBERTA, "position_biased_input": False}, _EAGER),
    "DeBERTa-v2": Family("deberta-v2", _DEBERTA, _EAGER),
    "DeBERTa-v2, convolution": Family(
        "deberta-v2", {**_DEBERTA, "conv_kernel_size": 3, "conv_act": "gelu"}, _EAGER
    ),
    "ALBERT": Family("albert", {**_BERT, "embedding_size": DIM, "hidden_act": "gelu_new"}),
    "T5 encoder, relu": Family("t5", _T5, _EAGER, part="encoder"),
    "T5 encoder, gated-gelu": Family(
        "t5", {**_T5, "feed_forward_proj": "gated-gelu"}, _EAGER, part="encoder"
    ),
    "mT5 encoder": Family(
        "mt5", {**_T5, "feed_forward_proj": "gated-gelu"}, _EAGER, part="encoder"
    ),
    "Longformer": Family("longformer", {**_BERT, "attention_window": 4}, _EAGER),
    "BigBird": Family("big_bird", {**_BERT, "attention_type": "original_full"}, _EAGER),
    "FNet": Family("fnet", {**_BERT, "use_tpu_fourier_optimizations": False}, _EAGER),
    "Funnel": Family(
        "funnel",
        {
            "vocab_size": 60,
            "d_model": DIM,
            "n_head": HEADS,
            "d_head": 8,
            "d_inner": 48,
            "block_sizes": [1, 1],
            "block_repeats": [1, 1],
            "num_decoder_layers": 1,
            "architectures": ["FunnelModel"],
        },
        _EAGER,
    ),
    "NomicBERT": Family("nomic_bert", _BERT),
    "SqueezeBERT": Family("squeezebert", {**_BERT, "embedding_size": DIM}, _EAGER),
    "ConvBERT": Family("convbert", {**_BERT, "embedding_size": DIM}, _EAGER),
    "RoFormer": Family("roformer", {**_BERT, "embedding_size": DIM}, _EAGER),
    "ESM": Family("esm", {**_BERT, "position_embedding_type": "rotary", "mask_token_id": 4}),
    "MobileBERT": Family(
        "mobilebert",
        {**_BERT, "embedding_size": DIM, "intra_bottleneck_size": 16, "trigram_input": True},
    ),
    "MegatronBERT": Family("megatron-bert", _BERT, _EAGER),
    "LayoutLM": Family("layoutlm", _BERT, _EAGER),
    "I-BERT": Family("ibert", {**_BERT, "pad_token_id": 1}, _EAGER),
    "XLNet": Family(
        "xlnet",
        {"vocab_size": 60, "d_model": DIM, "n_layer": 2, "n_head": HEADS, "d_inner": 48},
        _EAGER,
    ),
    "Nyströmformer": Family(
        "nystromformer", {**_BERT, "segment_means_seq_len": 9, "num_landmarks": 9}, _EAGER
    ),
    "YOSO": Family("yoso", _BERT, _EAGER, adds_up=False),
    "RemBERT": Family("rembert", {**_BERT, "input_embedding_size": DIM}, _EAGER),
    "ERNIE": Family("ernie", _BERT),
    "Data2Vec text": Family("data2vec-text", {**_BERT, "pad_token_id": 1}),
    "X-MOD": Family("xmod", {**_BERT, "pad_token_id": 1, "default_language": "en_XX"}),
    "LUKE": Family("luke", {**_BERT, "entity_vocab_size": 9, "entity_emb_size": 8}, _EAGER),
    "FlauBERT": Family(
        "flaubert", {"vocab_size": 60, "emb_dim": DIM, "n_layers": 2, "n_heads": HEADS}, _EAGER
    ),
    "XLM": Family(
        "xlm", {"vocab_size": 60, "emb_dim": DIM, "n_layers": 2, "n_heads": HEADS}, _EAGER
    ),
    "CTRL": Family(
        "ctrl", {"vocab_size": 60, "n_embd": DIM, "n_layer": 2, "n_head": HEADS, "dff": 48}, _EAGER
    ),
    "BART encoder": Family("bart", _BART, part="encoder"),
    "mBART encoder": Family("mbart", _BART, part="encoder"),
    "Pegasus encoder": Family("pegasus", _BART, part="encoder"),
    "GPT-2": Family("gpt2", _GPT),
    "GPT-2, next token": Family("gpt2", _GPT, causal=True),
    "GPT-Neo": Family("gpt_neo", _NEO, _EAGER),
    "GPT-NeoX (Pythia)": Family("gpt_neox", _BERT),
    "GPT-J": Family("gptj", {**_GPT, "rotary_dim": 4}, _EAGER),
    "GPT BigCode (StarCoder)": Family("gpt_bigcode", _GPT),
    "OpenAI GPT": Family("openai-gpt", _GPT, _EAGER),
    "StarCoder 2": Family("starcoder2", _DECODER),
    "OPT": Family(
        "opt",
        {
            "vocab_size": 60,
            "hidden_size": DIM,
            "num_hidden_layers": 2,
            "num_attention_heads": HEADS,
            "ffn_dim": 48,
            "max_position_embeddings": 40,
            "word_embed_proj_dim": DIM,
        },
    ),
    "BLOOM": Family(
        "bloom", {"vocab_size": 60, "hidden_size": DIM, "n_layer": 2, "n_head": HEADS}, _EAGER
    ),
    "Falcon": Family("falcon", {**_BERT, "alibi": False, "new_decoder_architecture": False}),
    "MPT": Family(
        "mpt",
        {"vocab_size": 60, "d_model": DIM, "n_layers": 2, "n_heads": HEADS, "max_seq_len": 40},
        _EAGER,
    ),
    "Llama": Family("llama", _DECODER),
    "Llama, next token": Family("llama", _DECODER, causal=True),
    "Mistral": Family("mistral", {**_DECODER, "sliding_window": 4}),
    "Mixtral": Family("mixtral", {**_DECODER, "num_local_experts": 3, "num_experts_per_tok": 2}),
    "Qwen2": Family("qwen2", _DECODER),
    "Qwen2-MoE": Family(
        "qwen2_moe",
        {
            **_DECODER,
            "num_experts": 3,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 24,
            "shared_expert_intermediate_size": 24,
        },
    ),
    "Qwen3": Family("qwen3", _DECODER),
    "Gemma": Family("gemma", _DECODER),
    "Gemma 2": Family(
        "gemma2", {**_DECODER, "query_pre_attn_scalar": 8, "sliding_window": 4}, _EAGER
    ),
    "Gemma 3": Family("gemma3_text", {**_DECODER, "query_pre_attn_scalar": 8}),
    "Phi": Family("phi", _BERT),
    "Phi-3": Family("phi3", {**_BERT, "num_key_value_heads": 2}),
    "OLMo": Family("olmo", _BERT),
    "OLMo 2": Family("olmo2", _BERT),
    "StableLM": Family("stablelm", {**_BERT, "num_key_value_heads": 2}),
    "Cohere": Family("cohere", {**_BERT, "num_key_value_heads": 2}),
    "Granite": Family("granite", {**_BERT, "num_key_value_heads": 2}),
    "Nemotron": Family("nemotron", _DECODER),
    "SmolLM 3": Family("smollm3", _DECODER),
    "Mamba": Family(
        "mamba",
        {"vocab_size": 60, "hidden_size": DIM, "num_hidden_layers": 2, "state_size": 4},
        _EAGER,
    ),
    "Mamba 2": Family(
        "mamba2",
        {
            "vocab_size": 60,
            "hidden_size": DIM,
            "num_hidden_layers": 2,
            "state_size": 4,
            "num_heads": 8,
            "head_dim": 8,
            "n_groups": 1,
            "chunk_size": 4,
        },
        _EAGER,
    ),
    "RWKV": Family(
        "rwkv",
        {
            "vocab_size": 60,
            "hidden_size": DIM,
            "num_hidden_layers": 2,
            "attention_hidden_size": DIM,
            "intermediate_size": 48,
        },
        _EAGER,
    ),
    "GPT-OSS": Family("gpt_oss", {**_DECODER, **_LOCAL_EXPERTS}, _EAGER),
    "OLMoE": Family("olmoe", {**_DECODER, **_MOE}, _EAGER),
    "Qwen3-MoE": Family("qwen3_moe", {**_DECODER, **_MOE}, _EAGER),
    "Granite-MoE": Family("granitemoe", {**_DECODER, **_LOCAL_EXPERTS}, _EAGER),
    "CodeGen": Family("codegen", {**_GPT, "rotary_dim": 4}, _EAGER),
    "ImageGPT": Family("imagegpt", _GPT, _EAGER),
    "LED encoder": Family(
        "led",
        {**_BART, "attention_window": 4, "max_encoder_position_embeddings": 40},
        _EAGER,
        part="encoder",
    ),
    "UMT5 encoder": Family("umt5", _T5, _EAGER, part="encoder"),
    "LongT5 encoder": Family("longt5", {**_T5, "local_radius": 3}, _EAGER, part="encoder"),
    "Switch encoder": Family(
        "switch_transformers",
        {**_T5, "num_sparse_encoder_layers": 1, "num_experts": 2},
        _EAGER,
        part="encoder",
    ),
    "NLLB-MoE encoder": Family(
        "nllb-moe", {**_BART, "num_experts": 2, "encoder_sparse_step": 1}, _EAGER, part="encoder"
    ),
    **{name: Family(kind, _BERT, _EAGER) for name, kind in _LIKE_BERT.items()},
    **{name: Family(kind, _DECODER, _EAGER) for name, kind in _LIKE_LLAMA.items()},
    **{name: Family(kind, _BART, _EAGER, part="encoder") for name, kind in _LIKE_BART.items()},
}
"""By the names that tables show."""
